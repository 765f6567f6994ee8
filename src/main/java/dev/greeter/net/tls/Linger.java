package dev.greeter.net.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the connection of a client that is not heard any more, and may still be sending. A close under octets that are unread, or
 * that come later, would be a reset, which takes from the client what it has not read yet. So this drops all that comes, up to a
 * bounded length and for a bounded time, until the client closes its side. Stands before the handlers of TLS. Used by its
 * channel's event loop only.
 */
final class Linger extends ChannelInboundHandlerAdapter {
    private static final Duration DURATION = Duration.ofSeconds(1);
    private static final int MAX_DROPPED_OCTETS = 1 << 18;

    private @Nullable ChannelHandlerContext context;
    private boolean dropping;
    private boolean lingering;
    private int dropped;

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** Drops all that comes from now on, while the last octets are still on their way to the client. */
    void drop() {
        dropping = true;
    }

    /** Ends the output, which the kernel has in full, and closes the channel when the client closes its side. */
    @SuppressWarnings("FutureReturnValueIgnored") // the channel closes
    void begin() {
        if (lingering || context == null) {
            return;
        }
        ChannelHandlerContext own = context;
        if (!(own.channel() instanceof DuplexChannel duplex) || duplex.isInputShutdown()) {
            own.close();
            return;
        }
        dropping = true;
        lingering = true;
        dropped = 0;
        duplex.shutdownOutput();
        duplex.config().setAutoRead(true);
        Future<?> end = own.executor().schedule(() -> own.close(), DURATION.toMillis(), TimeUnit.MILLISECONDS);
        // the task would keep the connection in memory
        duplex.closeFuture().addListener(closed -> end.cancel(false));
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the channel closes
    public void channelRead(ChannelHandlerContext own, Object message) {
        if (!dropping) {
            own.fireChannelRead(message);
            return;
        }
        dropped += message instanceof ByteBuf octets ? octets.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        if (dropped > MAX_DROPPED_OCTETS && lingering) {
            own.close();
        } else if (dropped > MAX_DROPPED_OCTETS) {
            own.channel().config().setAutoRead(false);
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the channel closes
    public void userEventTriggered(ChannelHandlerContext own, Object event) {
        if (lingering && event instanceof ChannelInputShutdownEvent) {
            own.close();
        } else {
            own.fireUserEventTriggered(event);
        }
    }
}
