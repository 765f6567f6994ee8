package dev.greeter.http.bridge;

import dev.greeter.http.WebConnection;
import dev.greeter.net.ClientChannel;
import dev.greeter.net.Deadline;
import dev.greeter.net.LoopClock;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a WebSocket whose peer breaks the protocol, sends too much or reads too little, or on request (RFC 6455, section 7). Vert.x
 * has no limit of messages, and queues what a peer does not read. Stands before Vert.x's own handler, and behind those that
 * join fragments and check text. Used by its channel's event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the cut comes whether a write or a close succeeds or not
final class WebSocketGuard extends ChannelDuplexHandler implements WebConnection.Upgrade {
    /** How long a peer may read too little, so that messages do not fit into the kernel's buffers. */
    static final Duration MAX_LAG = Duration.ofSeconds(5);

    /** From our close frame to the end, whatever the peer does. */
    private static final Duration CLOSING_TIMEOUT = Duration.ofSeconds(1);

    /**
     * Messages over the allowance that may be on their way when our close frame is. More are not read: a peer that floods would
     * keep the loop from all others until the end.
     */
    static final int MAX_LATE_MESSAGES = 128;

    /** What the kernel holds at most of a peer that is not read: 32 KiB, in frames of six octets. */
    private static final int MAX_HELD_UP = (32 << 10) / 6;

    private static final int MAX_REASON_OCTETS = 123;

    /** Section 7.4.2; Netty refuses invalid codes below it. */
    private static final int MAX_STATUS = 4_999;

    private static final double NANOS_PER_SECOND = 1e9;

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketGuard.class);

    private final int maxPerSecond;
    private final Deadline lag;
    private final Deadline closing;
    private final LoopClock clock;
    private final LongSupplier nanoTime;
    private double allowance;

    /**
     * The allowance of a second, and of the time in which this process paused or read nothing of the peer, because what was sent
     * meanwhile comes at once. On average a peer has no more than its rate.
     */
    private double most;

    private long heldUpNanos;
    private boolean paused;
    private long pausedAtNanos;
    private long pausedNanos;
    private long refilledAtNanos;
    private @Nullable ChannelHandlerContext context;
    private Runnable onChange = () -> {};
    private boolean ended;
    private int lateMessages;

    /** @param maxPerSecond messages on average; as many may come at once */
    WebSocketGuard(int maxPerSecond, LoopClock clock) {
        this(maxPerSecond, clock, System::nanoTime);
    }

    WebSocketGuard(int maxPerSecond, LoopClock clock, LongSupplier nanoTime) {
        this.maxPerSecond = maxPerSecond;
        this.allowance = maxPerSecond;
        this.most = maxPerSecond;
        this.clock = clock;
        this.nanoTime = nanoTime;
        heldUpNanos = clock.pausedNanos();
        refilledAtNanos = nanoTime.getAsLong();
        lag = clock.deadline();
        closing = clock.deadline();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** Runs the action whenever {@link #isWritable} or {@link #hasEnded} has changed; that may be within any write. */
    void onChange(Runnable action) {
        onChange = action;
    }

    /** Whether a close frame was sent, behind which nothing is sent or handled. */
    boolean hasEnded() {
        return ended;
    }

    /**
     * Whether the peer has read so much that another message may be written. Vert.x's queue is full only when 16 frames wait for
     * the channel to be writable, whatever their length.
     */
    boolean isWritable() {
        return context != null && context.channel().isWritable();
    }

    /** Whether the peer's messages are not handled from now on, so that they come late. */
    void pause(boolean pause) {
        long now = nanoTime.getAsLong();
        pausedNanos = pausedNanos(now);
        pausedAtNanos = now;
        paused = pause;
    }

    private long pausedNanos(long now) {
        return paused ? pausedNanos + now - pausedAtNanos : pausedNanos;
    }

    /** Cuts the connection if its peer is late; to be called at each tick of the clock. */
    void check() {
        if (context != null && lag.isOver()) {
            ClientChannel.reset(context.channel());
        } else if (context != null && closing.isOver()) {
            ClientChannel.cut(context.channel());
        }
    }

    /** Sends a close frame, and closes when the peer has answered it, or after {@link #CLOSING_TIMEOUT}. */
    void end(WebSocketCloseStatus status) {
        if (context != null) {
            end(new CloseWebSocketFrame(status), false);
        }
    }

    @Override
    public void drain() {
        end(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE);
    }

    @Override
    public void peerEnded() {
        // no frame can come any more
        if (ended && context != null) {
            context.close();
        } else {
            end(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE), true);
        }
    }

    /** @param last whether the connection closes without waiting for the peer */
    private void end(CloseWebSocketFrame frame, boolean last) {
        ChannelHandlerContext guarded = context;
        if (ended || guarded == null) {
            frame.release();
            return;
        }
        ended = true;
        closing.in(CLOSING_TIMEOUT);
        ChannelFuture written = guarded.writeAndFlush(frame);
        if (last) {
            // not by Vert.x, which would send its own close frame and wait for the peer
            written.addListener(done -> guarded.close());
        }
        onChange.run();
    }

    /** Takes messages from the peer's allowance; ends the connection and returns false if they are too many. */
    boolean admits(int messages) {
        if (!ended && !takeAllowance(messages)) {
            end(new WebSocketCloseStatus(
                    WebSocketCloseStatus.POLICY_VIOLATION.code(), "over " + maxPerSecond + " messages a second"));
        }
        return !ended;
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        if (message instanceof CloseWebSocketFrame close) {
            agree(from, close);
        } else if (admits(1)) {
            from.fireChannelRead(message);
        } else {
            ReferenceCountUtil.release(message);
            late(from);
        }
    }

    private void late(ChannelHandlerContext from) {
        // the allowance is for what was held up
        if (!takeAllowance(1)) {
            lateMessages++;
        }
        if (lateMessages > MAX_LATE_MESSAGES) {
            from.channel().config().setAutoRead(false);
        }
    }

    /** Answers with the same status (section 5.5.1), or closes if this is the answer to our frame. */
    private void agree(ChannelHandlerContext from, CloseWebSocketFrame close) {
        if (ended) {
            close.release();
            from.close();
        } else if (close.content().isReadable() && close.content().getUnsignedShort(0) > MAX_STATUS) {
            close.release();
            end(new CloseWebSocketFrame(WebSocketCloseStatus.PROTOCOL_ERROR), true);
        } else {
            end(close, true);
        }
    }

    private boolean takeAllowance(int messages) {
        long now = nanoTime.getAsLong();
        long heldUp = clock.pausedNanos() + pausedNanos(now);
        most += (heldUp - heldUpNanos) / NANOS_PER_SECOND * maxPerSecond;
        most = Math.min(most, maxPerSecond + MAX_HELD_UP);
        heldUpNanos = heldUp;
        allowance = Math.min(most, allowance + (now - refilledAtNanos) / NANOS_PER_SECOND * maxPerSecond);
        refilledAtNanos = now;
        if (allowance < messages) {
            return false;
        }
        allowance -= messages;
        most = Math.max(maxPerSecond, allowance);
        return true;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            // nothing after it can be read
            end(new CloseWebSocketFrame(corrupted.closeStatus(), reason(corrupted)), true);
        } else if (cause instanceof TooLongFrameException) {
            end(WebSocketCloseStatus.MESSAGE_TOO_BIG);
        } else if (cause instanceof IOException || cause instanceof PrematureChannelClosureException) {
            LOG.debug("a client of the bridge has gone: {}", cause.toString());
            from.close();
        } else {
            LOG.error("the bridge failed", cause);
            end(WebSocketCloseStatus.INTERNAL_SERVER_ERROR);
        }
    }

    private static String reason(CorruptedWebSocketFrameException corrupted) {
        String reason = String.valueOf(corrupted.getMessage());
        return reason.substring(0, Math.min(reason.length(), MAX_REASON_OCTETS));
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
        if (changed.channel().isWritable()) {
            lag.clear();
        } else if (!lag.isSet()) {
            lag.in(MAX_LAG);
        }
        // Vert.x writes first what it has queued
        changed.fireChannelWritabilityChanged();
        onChange.run();
    }
}
