package dev.greeter.greeting;

import dev.greeter.bus.ExchangeReporter;
import dev.greeter.net.ClientSocket;
import java.util.EnumSet;
import java.util.Set;

/** Whether a connection reads: only while nothing holds it. Used by its event loop only. */
final class ReadGate {
    enum Hold {
        /** Responses wait for the client to take those before them, or for the end of a fault's delay. */
        RESPONSES,
        /** Exchanges wait to be counted. */
        COUNTING,
        /** The client sends and sends, though nothing more is read. */
        FLOOD
    }

    private final ClientSocket socket;
    private final ExchangeReporter reporter;
    private final Runnable onRelease;
    private final Set<Hold> holds = EnumSet.noneOf(Hold.class);

    /** @param onRelease runs when a reason is over */
    ReadGate(ClientSocket socket, ExchangeReporter reporter, Runnable onRelease) {
        this.socket = socket;
        this.reporter = reporter;
        this.onRelease = onRelease;
    }

    /** After a write: stops reading while there is no room for more responses, or for their counting. */
    void holdIfFull(ResponseWriter responses) {
        if (responses.isFull()) {
            hold(Hold.RESPONSES);
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
        }
        return added;
    }

    /** Reads on if there is no other reason. */
    void release(Hold reason) {
        boolean removed = holds.remove(reason);
        if (removed && holds.isEmpty()) {
            socket.resume();
        }
        if (removed) {
            onRelease.run();
        }
    }

    /** Reads on, whatever the reasons were. */
    void releaseAll() {
        holds.clear();
        socket.resume();
    }
}
