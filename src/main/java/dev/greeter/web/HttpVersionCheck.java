package dev.greeter.web;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/** Has a request of another version of HTTP refused by us; Vert.x alone would answer it past our handlers. */
@Sharable
final class HttpVersionCheck extends ChannelInboundHandlerAdapter {
    static final HttpVersionCheck INSTANCE = new HttpVersionCheck();

    /** The request's version is neither 1.0 nor 1.1. */
    static final class UnsupportedVersionException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private HttpVersionCheck() {}

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request
                && request.decoderResult().isSuccess()
                && !isSupported(request.protocolVersion())) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
            request.setDecoderResult(DecoderResult.failure(new UnsupportedVersionException()));
        }
        context.fireChannelRead(message);
    }

    private static boolean isSupported(HttpVersion version) {
        return version.equals(HttpVersion.HTTP_1_1) || version.equals(HttpVersion.HTTP_1_0);
    }
}
