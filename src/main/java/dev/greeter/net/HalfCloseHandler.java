package dev.greeter.net;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * Reports that the peer half-closed, in order with the octets before: as a message, because Vert.x holds
 * messages back while a socket is paused but lets events overtake them.
 */
@ChannelHandler.Sharable
final class HalfCloseHandler extends ChannelInboundHandlerAdapter {
    static final HalfCloseHandler MESSAGE = new HalfCloseHandler();

    private HalfCloseHandler() {}

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            context.fireChannelRead(MESSAGE);
            context.fireChannelReadComplete();
        } else {
            context.fireUserEventTriggered(event);
        }
    }
}
