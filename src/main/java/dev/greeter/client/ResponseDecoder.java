package dev.greeter.client;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.ssl.SslHandler;

/** Decodes responses as leniently as RFC 9112 lets a client, with room for long heads. */
public final class ResponseDecoder extends HttpResponseDecoder {
    /** Of the status line, and of all fields together. */
    public static final int MAX_HEAD_OCTETS = 65_536;

    public ResponseDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_HEAD_OCTETS)
                .setMaxHeaderSize(MAX_HEAD_OCTETS)
                // a line may end without a CR (section 2.2)
                .setStrictLineParsing(false)
                // one length said twice is that length (section 6.3)
                .setAllowDuplicateContentLengths(true));
    }

    /** Whether octets came behind what was decoded. */
    public boolean holdsMore() {
        return actualReadableBytes() > 0;
    }

    /** Whether something other than the close of the connection ends a response (RFC 9112, section 6.3). */
    public static boolean isDelimited(HttpResponse response) {
        int status = response.status().code();
        return HttpUtil.isContentLengthSet(response)
                || HttpUtil.isTransferEncodingChunked(response)
                || status == HttpResponseStatus.NO_CONTENT.code()
                || status == HttpResponseStatus.NOT_MODIFIED.code();
    }

    /**
     * Whether a response that ended may lack some of its body, because the server closed a connection over TLS without
     * announcing it (RFC 9112, section 9.8).
     */
    public static boolean isCutShort(HttpResponse response, ChannelPipeline pipeline) {
        SslHandler tls = pipeline.get(SslHandler.class);
        return tls != null && !isDelimited(response) && !tls.sslCloseFuture().isSuccess();
    }
}
