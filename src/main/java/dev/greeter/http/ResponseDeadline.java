package dev.greeter.http;

import dev.greeter.net.Deadline;
import dev.greeter.net.LoopClock;
import java.time.Duration;

/**
 * The answers on their way to a client, which has to take each of them in time. Knows the time of one of them, the first that
 * is looked at on its way: when that is handed over, the next one is looked at. Used by its event loop only.
 */
final class ResponseDeadline {
    private final Duration timeout;
    private final Deadline deadline;
    private int written;
    private int handedOver;
    private int watched;

    /** @param timeout for the client to take an answer, and what was written before it */
    ResponseDeadline(LoopClock clock, Duration timeout) {
        this.timeout = timeout;
        this.deadline = clock.deadline();
    }

    void written() {
        written++;
    }

    /** They are handed over in their order. */
    void handedOver() {
        handedOver++;
    }

    /** To be called at each tick of the clock. */
    boolean isLate() {
        if (handedOver == written) {
            deadline.clear();
        } else if (!deadline.isSet() || handedOver - watched >= 0) {
            watched = written;
            deadline.in(timeout);
        }
        return deadline.isOver();
    }
}
