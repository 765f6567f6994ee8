package dev.greeter.web;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a WebSocket that sends too much or reads too little, or that is told to end (RFC 6455, section 7). Vert.x does not
 * count what comes, and keeps what a peer does not read. Stands before Vert.x's own handler, and behind one that puts
 * fragments together. Used by its channel's event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // whatever becomes of a write or a close, the cut comes
final class WebSocketGuard extends ChannelDuplexHandler {
    /** How long a peer may leave unread what no longer fits into the kernel's buffers. */
    static final Duration MAX_LAG = Duration.ofSeconds(5);

    /** From our close frame to the end, whatever the peer does. */
    private static final Duration CLOSING_TIMEOUT = Duration.ofSeconds(1);

    private static final double NANOS_PER_SECOND = 1e9;

    private final int maxPerSecond;
    private double allowance;
    private long refilledAtNanos = System.nanoTime();
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> lag;
    private boolean ended;

    /** @param maxPerSecond messages on average; as many may come at once */
    WebSocketGuard(int maxPerSecond) {
        this.maxPerSecond = maxPerSecond;
        this.allowance = maxPerSecond;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** Tells the peer, and closes when it agrees, or soon. */
    void end(WebSocketCloseStatus status) {
        ChannelHandlerContext guarded = context;
        if (ended || guarded == null) {
            return;
        }
        ended = true;
        guarded.writeAndFlush(new CloseWebSocketFrame(status));
        cutAfter(guarded, CLOSING_TIMEOUT);
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        boolean passes = !(message instanceof WebSocketFrame frame) || passes(from, frame);
        if (passes) {
            from.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private boolean passes(ChannelHandlerContext from, WebSocketFrame frame) {
        boolean isClose = frame instanceof CloseWebSocketFrame;
        if (ended) {
            if (isClose) {
                from.close();
            }
            return false;
        }
        if (isClose || takeAllowance(messages(frame))) {
            return true;
        }
        end(WebSocketCloseStatus.POLICY_VIOLATION);
        return false;
    }

    private boolean takeAllowance(int messages) {
        long now = System.nanoTime();
        allowance = Math.min(maxPerSecond, allowance + (now - refilledAtNanos) / NANOS_PER_SECOND * maxPerSecond);
        refilledAtNanos = now;
        if (allowance < messages) {
            return false;
        }
        allowance -= messages;
        return true;
    }

    /** SockJS sends several as one array. */
    private static int messages(WebSocketFrame frame) {
        if (!(frame instanceof TextWebSocketFrame message) || !message.text().startsWith("[")) {
            return 1;
        }
        try {
            return Math.max(1, new JsonArray(message.text()).size());
        } catch (DecodeException none) {
            return 1;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            end(corrupted.closeStatus());
        } else if (cause instanceof TooLongFrameException) {
            end(WebSocketCloseStatus.MESSAGE_TOO_BIG);
        } else {
            from.fireExceptionCaught(cause);
        }
    }

    @Override
    public void write(ChannelHandlerContext to, Object message, ChannelPromise promise) {
        if (ended) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
        } else {
            to.write(message, promise);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        if (!changed.channel().isWritable() && lag == null) {
            lag = cutAfter(changed, MAX_LAG);
        } else if (changed.channel().isWritable() && lag != null) {
            lag.cancel(false);
            lag = null;
        }
        changed.fireChannelWritabilityChanged();
    }

    private static Future<?> cutAfter(ChannelHandlerContext context, Duration delay) {
        Future<?> cut = context.executor()
                .schedule(
                        () -> context.channel().unsafe().close(context.channel().voidPromise()),
                        delay.toMillis(),
                        TimeUnit.MILLISECONDS);
        context.channel().closeFuture().addListener(closed -> cut.cancel(false));
        return cut;
    }
}
