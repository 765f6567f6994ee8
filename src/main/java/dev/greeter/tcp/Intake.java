package dev.greeter.tcp;

import io.netty.channel.Channel;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.EnumSet;
import java.util.Set;

/** Whether a connection reads: only while nothing holds it. Used by its event loop only. */
final class Intake {
    enum Hold {
        /** Answers wait for the peer to take those before them. */
        ANSWERS,
        /** Exchanges wait to be counted. */
        COUNTING,
        /** The peer sends and sends, though nothing more is read. */
        FLOOD
    }

    private final NetSocketInternal socket;
    private final Channel channel;
    private final Set<Hold> holds = EnumSet.noneOf(Hold.class);

    Intake(NetSocketInternal socket) {
        this.socket = socket;
        this.channel = socket.channelHandlerContext().channel();
    }

    boolean isHeldFor(Hold reason) {
        return holds.contains(reason);
    }

    /** Stops reading for this reason, and returns whether it was none before. */
    boolean hold(Hold reason) {
        boolean added = holds.add(reason);
        if (holds.size() == 1) {
            socket.pause();
            // Vert.x alone would still take a few reads into its queue: 64 KiB each, on every connection
            channel.config().setAutoRead(false);
        }
        return added;
    }

    /** Reads on if there is no other reason, and returns whether this was one. */
    boolean release(Hold reason) {
        boolean removed = holds.remove(reason);
        if (removed && holds.isEmpty()) {
            read();
        }
        return removed;
    }

    /** Nothing holds it any more. */
    void releaseAll() {
        holds.clear();
        read();
    }

    private void read() {
        channel.config().setAutoRead(true);
        socket.resume();
    }
}
