package dev.greeter.net;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The time of one event loop, by which it judges its peers: each of a peer's time limits is a {@link Deadline} of this
 * clock. Used by that loop only.
 *
 * <p>The clock goes on while the loop attends to its peers. Of a pause of the loop or of the whole process (a blocked
 * handler, a garbage collection, SIGSTOP) it counts {@link #MAX_STEP} at most, because a peer cannot be heard meanwhile.
 * And a deadline is over only when all that the kernel held at that moment has been read: it is judged a tick later, and
 * between two ticks Netty reads from every channel that is ready.
 */
public final class LoopClock {
    /** How exactly deadlines are kept. One timer looks at all of them: cheaper than a timer for each. */
    public static final Duration INTERVAL = Duration.ofMillis(100);

    /** The most that one tick counts. */
    static final Duration MAX_STEP = INTERVAL.multipliedBy(2);

    private final LongSupplier nanoTime;
    private long tickedAtNanos;
    private long attendedNanos;
    private long judgedNanos;
    private long pausedNanos;

    public LoopClock() {
        this(System::nanoTime);
    }

    LoopClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.tickedAtNanos = nanoTime.getAsLong();
    }

    /**
     * Runs the check at each tick, until the calling verticle is undeployed. Has to be called once, from the loop.
     *
     * @param check ends what is {@linkplain Deadline#isOver() over}
     */
    public void start(Vertx vertx, Runnable check) {
        // one by one, because a timer at a fixed rate makes up for a pause by many ticks with nothing read between them
        vertx.setTimer(INTERVAL.toMillis(), timer -> {
            start(vertx, check);
            tick();
            check.run();
        });
    }

    /** Returns a deadline that is not set. */
    public Deadline deadline() {
        return new Deadline(this);
    }

    void tick() {
        long now = nanoTime.getAsLong();
        judgedNanos = attendedNanos;
        attendedNanos += step(now);
        pausedNanos += now - tickedAtNanos - step(now);
        tickedAtNanos = now;
    }

    /** The time that it has not counted so far, the pause that has just ended included: what came meanwhile is read at once. */
    public long pausedNanos() {
        long now = nanoTime.getAsLong();
        return pausedNanos + now - tickedAtNanos - step(now);
    }

    /** The loop's own time, which only has a meaning among its deadlines. */
    long nanos() {
        return attendedNanos + step(nanoTime.getAsLong());
    }

    /** The latest time of which the loop knows that all that had come by then was read. */
    long judgedNanos() {
        return judgedNanos;
    }

    private long step(long now) {
        return Math.min(now - tickedAtNanos, MAX_STEP.toNanos());
    }
}
