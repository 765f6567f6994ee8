package dev.greeter.http.bridge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Refuses a message in too many fragments, as one that is too long. Fragments may be empty (RFC 6455, section 5.4), so a message
 * of any number of them need not exceed the limit of its octets, and is counted as a message only at its end. Stands before the
 * handler that joins fragments. Used by its channel's event loop only.
 */
final class FragmentLimit extends ChannelInboundHandlerAdapter {
    /** Clients send messages as short as the bridge's in one. */
    static final int MAX_FRAGMENTS = 128;

    private int fragments;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof WebSocketFrame frame && isOfMessage(frame)) {
            fragments++;
            if (fragments > MAX_FRAGMENTS) {
                ReferenceCountUtil.release(message);
                refuse(context);
                return;
            }
            if (frame.isFinalFragment()) {
                fragments = 0;
            }
        }
        context.fireChannelRead(message);
    }

    /** Once: a message without end has nothing behind it to read, and would keep the loop from all others. */
    private void refuse(ChannelHandlerContext context) {
        if (fragments == MAX_FRAGMENTS + 1) {
            context.channel().config().setAutoRead(false);
            context.fireExceptionCaught(
                    new TooLongFrameException("a message has over " + MAX_FRAGMENTS + " fragments"));
        }
    }

    private static boolean isOfMessage(WebSocketFrame frame) {
        return frame instanceof ContinuationWebSocketFrame
                || frame instanceof TextWebSocketFrame
                || frame instanceof BinaryWebSocketFrame;
    }
}
