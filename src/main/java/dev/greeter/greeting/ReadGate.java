package dev.greeter.greeting;

import dev.greeter.bus.ExchangeReporter;
import io.netty.channel.Channel;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.EnumSet;
import java.util.Set;

/** Whether a connection reads: only while nothing holds it. Used by its event loop only. */
final class ReadGate {
    enum Hold {
        /** Answers wait for the peer to take those before them. */
        ANSWERS,
        /** Exchanges wait to be counted. */
        COUNTING,
        /** A fault delays an answer, and those behind it. */
        FAULT,
        /** The peer sends and sends, though nothing more is read. */
        FLOOD
    }

    private final NetSocketInternal socket;
    private final Channel channel;
    private final ExchangeReporter reporter;
    private final Runnable onRelease;
    private final Set<Hold> holds = EnumSet.noneOf(Hold.class);

    /** @param onRelease runs when a reason is over */
    ReadGate(NetSocketInternal socket, ExchangeReporter reporter, Runnable onRelease) {
        this.socket = socket;
        this.channel = socket.channelHandlerContext().channel();
        this.reporter = reporter;
        this.onRelease = onRelease;
    }

    /** After answers went out: stops reading while there is no room for more of them, or for their counting. */
    void holdIfFull() {
        if (!channel.isWritable()) {
            hold(Hold.ANSWERS);
        }
        if (reporter.isFull() && hold(Hold.COUNTING)) {
            reporter.whenRoom(() -> release(Hold.COUNTING));
        }
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

    /** Reads on if there is no other reason. */
    void release(Hold reason) {
        boolean removed = holds.remove(reason);
        if (removed && holds.isEmpty()) {
            read();
        }
        if (removed) {
            onRelease.run();
        }
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
