package dev.greeter.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;

/**
 * Ends an HTTP connection whose client may still be sending (RFC 9112, section 9.6). A plain close would answer those octets
 * by a reset, which can take the last answer from the client before it was read; a proxy may read it only when it has sent
 * all of a long request. So the close becomes half of one, and this drops all that still comes, at a bounded rate, until the
 * client closes, sends little or nothing any more, or has sent for too long. Stands before the decoder. Used by its channel's event loop only.
 */
public final class LingeringClose extends ChannelDuplexHandler {
    private static final Duration MAX_DURATION = Duration.ofSeconds(30);

    /** A client that sends less than {@link #MIN_OCTETS} in this has had time to read the answer, or waits for nothing else. */
    private static final Duration MAX_LULL = Duration.ofSeconds(3);

    private static final int MIN_OCTETS = 1 << 16;

    /** The most of it once the server drains. */
    private static final Duration MAX_DURATION_OF_DRAIN = Duration.ofSeconds(1);

    /** Dropped at most; about 10 MiB a second. */
    private static final int MAX_OCTETS_PER_TICK = 1 << 20;

    private final ClientChannel client;
    private final Channel channel;
    private final Deadline end;
    private final Deadline lull;
    private boolean dropping;
    private boolean lingering;
    private boolean holding;
    private int octetsInTick;
    private int octetsInLull;

    public LingeringClose(ClientChannel client, LoopClock clock) {
        this.client = client;
        this.channel = client.channel();
        end = clock.deadline();
        lull = clock.deadline();
    }

    /** Drops all that comes from now on, while the last answer is still on its way. */
    public void drop() {
        dropping = true;
    }

    /** Has to be called at each tick of the clock. */
    public void check(boolean draining) {
        octetsInTick = 0;
        if (holding) {
            holding = false;
            channel.config().setAutoRead(true);
        }
        if (lingering && draining) {
            end.inAtMost(MAX_DURATION_OF_DRAIN);
        }
        if (end.isOver() || lull.isOver()) {
            closeNow();
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (lingering || !channel.isActive() || !(channel instanceof DuplexChannel duplex)) {
            channel.unsafe().close(promise);
            return;
        }
        duplex.closeFuture().addListener(closed -> promise.trySuccess());
        if (client.isInputEnded()) {
            end.in(MAX_LULL);
            client.finish();
            return;
        }
        lingering = true;
        dropping = true;
        end.in(MAX_DURATION);
        lull.in(MAX_LULL);
        client.halfClose(this::closeNow);
        if (!holding) {
            duplex.config().setAutoRead(true);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!dropping) {
            context.fireChannelRead(message);
            return;
        }
        int octets = message instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        octetsInTick += octets;
        octetsInLull += octets;
        if (lingering && octetsInLull >= MIN_OCTETS) {
            octetsInLull = 0;
            lull.in(MAX_LULL);
        }
        if (octetsInTick > MAX_OCTETS_PER_TICK) {
            holding = true;
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (lingering && event instanceof ChannelInputShutdownEvent) {
            client.finish();
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    private void closeNow() {
        ClientChannel.cut(channel);
    }
}
