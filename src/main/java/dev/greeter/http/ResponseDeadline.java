package dev.greeter.http;

import dev.greeter.net.Deadline;
import dev.greeter.net.LoopClock;
import java.time.Duration;

/**
 * The time that a client has for taking each of the responses on their way. It watches one response at a time: when that is
 * handed over, it watches the last that is written by then. Used by its event loop only.
 */
final class ResponseDeadline {
    private final Duration timeout;
    private final Deadline deadline;
    private int written;
    private int handedOver;
    private int watched;

    /** @param timeout for taking a response, and all that was written before it */
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

    /** Whether any is on its way. */
    boolean isWaiting() {
        return handedOver != written;
    }

    /** To be called at each tick of the clock. */
    boolean isLate() {
        if (!isWaiting()) {
            deadline.clear();
        } else if (!deadline.isSet() || handedOver - watched >= 0) {
            watched = written;
            deadline.in(timeout);
        }
        return deadline.isOver();
    }
}
