package dev.greeter.net.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Moves each record into a buffer of its size. The JDK's engine writes into one for the longest record, which a client that does
 * not take the record would hold.
 */
@Sharable
final class FittingRecords extends ChannelOutboundHandlerAdapter {
    static final FittingRecords INSTANCE = new FittingRecords();

    private static final int MAX_SPARE_OCTETS = 1 << 10;

    private FittingRecords() {}

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise has the result
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf octets ? fitting(context, octets) : message, promise);
    }

    private static ByteBuf fitting(ChannelHandlerContext context, ByteBuf octets) {
        if (octets.capacity() - octets.readableBytes() <= MAX_SPARE_OCTETS) {
            return octets;
        }
        ByteBuf copy = context.alloc().directBuffer(octets.readableBytes()).writeBytes(octets);
        octets.release();
        return copy;
    }
}
