package dev.greeter.net.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps each record (RFC 8446, section 5.1) in a buffer of its size. From the client it passes on whole records. Netty's handler
 * for TLS would keep a read's buffer, double it up to twice the longest record, and wait for a record that is four times as long as
 * any may be. To the client, the JDK's engine writes into a buffer for the longest record, which a client that does not take the
 * record would hold. Used by its channel's event loop only.
 */
final class RecordBuffers extends ChannelDuplexHandler {
    private static final int HEADER_OCTETS = 5;
    private static final int LENGTH_AT = 3;

    /** Section 5.2. The suites of TLS 1.2 that are in use here add less to the same contents. */
    private static final int MAX_LENGTH = (1 << 14) + 256;

    private static final int MAX_SPARE_OCTETS = 1 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(RecordBuffers.class);

    private final Supplier<String> client;
    private @Nullable ByteBuf unfinished;
    private boolean ended;

    /** @param client as the log names it */
    RecordBuffers(Supplier<String> client) {
        this.client = client;
    }

    /** Passes on nothing any more, not even of the records that came in the same read: Netty's handler for TLS judges them all. */
    void end() {
        ended = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf octets = (ByteBuf) message;
        try {
            if (unfinished != null && !ended) {
                finish(context, octets, unfinished);
            }
            // one by one, because any may be the last
            for (int whole = whole(octets); whole > 0 && !ended; whole = whole(octets)) {
                context.fireChannelRead(octets.readRetainedSlice(whole));
            }
            if (octets.isReadable() && !ended && unfinished == null) {
                ByteBuf rest = context.alloc().directBuffer(HEADER_OCTETS);
                unfinished = rest;
                finish(context, octets, rest);
            }
        } finally {
            octets.release();
        }
    }

    /** Returns the length of the next record with its header; 0 if it is not whole. */
    private static int whole(ByteBuf octets) {
        if (octets.readableBytes() < HEADER_OCTETS) {
            return 0;
        }
        int length = HEADER_OCTETS + octets.getUnsignedShort(octets.readerIndex() + LENGTH_AT);
        return octets.readableBytes() < length ? 0 : length;
    }

    private void finish(ChannelHandlerContext context, ByteBuf octets, ByteBuf record) {
        take(octets, record, HEADER_OCTETS);
        if (record.writerIndex() < HEADER_OCTETS) {
            return;
        }
        int length = record.getUnsignedShort(LENGTH_AT);
        if (length > MAX_LENGTH) {
            refuse(context);
            return;
        }
        if (record.capacity() < HEADER_OCTETS + length) {
            record.capacity(HEADER_OCTETS + length);
        }
        take(octets, record, HEADER_OCTETS + length);
        if (record.writerIndex() == HEADER_OCTETS + length) {
            unfinished = null;
            context.fireChannelRead(record);
        }
    }

    private static void take(ByteBuf from, ByteBuf record, int end) {
        record.writeBytes(from, Math.min(from.readableBytes(), Math.max(0, end - record.writerIndex())));
    }

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

    @SuppressWarnings("FutureReturnValueIgnored") // the channel closes
    private void refuse(ChannelHandlerContext context) {
        LOG.debug("{}: a TLS record over {} octets", client.get(), MAX_LENGTH);
        ended = true;
        release();
        context.close();
    }

    private void release() {
        if (unfinished != null) {
            unfinished.release();
            unfinished = null;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        release();
    }
}
