package dev.greeter.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds octets that come before a decoder needs them, and reads no more then. Requests behind one without a response stay octets
 * like this: decoded, they would wait in Vert.x's queue and take twenty times the memory. Used by its channel's event loop only.
 */
final class EarlyOctets extends ChannelDuplexHandler {
    /** The most that is decoded at once, and so the most that waits in that queue. */
    private static final int PART_OCTETS = 512;

    private final BooleanSupplier isNeeded;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf held;
    private boolean passing;
    private boolean stopped;
    private boolean endHeld;

    /** @param isNeeded whether the decoder may have more */
    EarlyOctets(BooleanSupplier isNeeded) {
        this.isNeeded = isNeeded;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        if (!(message instanceof ByteBuf read)
                || (held == null && read.readableBytes() <= PART_OCTETS && isNeeded.getAsBoolean())) {
            from.fireChannelRead(message);
        } else {
            held = held == null ? read : Unpooled.wrappedBuffer(held, read);
            pass(from);
        }
    }

    private void pass(ChannelHandlerContext to) {
        if (passing) {
            return;
        }
        passing = true;
        while (held != null && isNeeded.getAsBoolean()) {
            ByteBuf rest = held;
            if (rest.readableBytes() > PART_OCTETS) {
                to.fireChannelRead(rest.readRetainedSlice(PART_OCTETS));
            } else {
                held = null;
                to.fireChannelRead(rest);
            }
        }
        passing = false;
        if (held != null) {
            // again and again, because Vert.x reads on when its own queue is empty
            stopped = true;
            to.channel().config().setAutoRead(false);
        } else {
            readOn(to);
        }
        if (held == null && endHeld) {
            endHeld = false;
            to.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    private void readOn(ChannelHandlerContext from) {
        if (stopped) {
            stopped = false;
            from.channel().config().setAutoRead(true);
            // it may have been on, with what it caused held back
            from.read();
        }
    }

    /** To be called when the decoder may have more. */
    void passOn() {
        ChannelHandlerContext to = context;
        if (held != null && to != null && !passing && isNeeded.getAsBoolean()) {
            // not within the write that ends a response
            to.executor().execute(() -> {
                pass(to);
                to.fireChannelReadComplete();
            });
        }
    }

    boolean isHolding() {
        return held != null;
    }

    /** Drops what is held, because the decoder needs no more. */
    void drop() {
        release();
        if (context != null) {
            readOn(context);
        }
    }

    private void release() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    /** Vert.x reads on too when it begins to wait for more requests. */
    @Override
    public void read(ChannelHandlerContext from) {
        if (held == null) {
            from.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (held != null && event instanceof ChannelInputShutdownEvent) {
            endHeld = true;
        } else {
            from.fireUserEventTriggered(event);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        release();
    }
}
