package dev.greeter.probe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The time in which the probe itself stood still, as a tick shows that comes too late: its process had no processor, or
 * more to do than it could. It is not the target's, so neither latencies nor timeouts count it. Times are of one clock.
 */
final class Stalls {
    /** A shorter one is no stall: it stays within what is measured. */
    static final long MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * Exchanges from {@code first} to before {@code until} came to their time while it stood still, and the next ones
     * after.
     */
    private record Mark(long first, long until, long endNanos, long stoodNanos) {}

    private final Deque<Mark> marks = new ArrayDeque<>();
    private long dueNanos;
    private long stoodNanos;
    private long stoodBefore;

    /** When the next tick should come. */
    void expect(long nanos) {
        dueNanos = nanos;
    }

    /** How late a tick is that comes now; 0 if that is no stall. */
    long lag(long nowNanos) {
        long lag = nowNanos - dueNanos;
        return lag > MIN_NANOS ? lag : 0;
    }

    /** All the time so far. */
    long stood(long nowNanos) {
        return stoodNanos + lag(nowNanos);
    }

    /**
     * A tick came too late.
     *
     * @param first the first exchange that came to its time since the tick before
     * @param until the first one that did so within the last {@link #MIN_NANOS}, and is not late
     */
    void ended(long nowNanos, long first, long until) {
        stoodNanos += lag(nowNanos);
        dueNanos = nowNanos;
        marks.add(new Mark(first, until, nowNanos, stoodNanos));
    }

    /** From when an exchange's time counts, and what had been stood still by then. It is asked in their order. */
    Pending begin(long index, long number, long intendedNanos) {
        while (!marks.isEmpty() && marks.element().until() <= index) {
            stoodBefore = marks.remove().stoodNanos();
        }
        Mark mark = marks.peek();
        return mark != null && index >= mark.first()
                ? new Pending(number, mark.endNanos(), mark.stoodNanos())
                : new Pending(number, intendedNanos, stoodBefore);
    }
}
