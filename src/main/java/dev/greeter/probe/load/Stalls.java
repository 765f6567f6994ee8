package dev.greeter.probe.load;

import dev.greeter.probe.measure.Loss;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The time in which the probe itself stood still, which a late tick shows: its process had no processor, or too much to do.
 * The target is not to blame for it, so neither latencies nor timeouts count it. Exchanges that came to their time meanwhile
 * are begun afterwards at no more than twice the rate, by a schedule that is as fixed as the one before, because a burst would
 * be a load that nobody asked for. Times are nanoseconds of one clock.
 */
final class Stalls {
    /** A shorter one is no stall: it stays within what is measured. */
    static final long MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** One that may cost an exchange by itself: a server may hang up on a client that is silent for so long. */
    static final long HARMFUL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** How much faster than its rate the schedule is caught up with. */
    private static final int PACE = 2;

    /** Exchanges from {@code first} on are begun after a stall, up to the next one's first. */
    private record Mark(long first, long endNanos, long stalledNanos, boolean harmful) {}

    private final Schedule schedule;
    private final long startNanos;
    private final Deque<Mark> marks = new ArrayDeque<>();
    private long expectedNanos;
    private long stalledNanos;
    private boolean harms;
    private long harmedNanos;

    Stalls(Schedule schedule, long startNanos) {
        this.schedule = schedule;
        this.startNanos = startNanos;
        this.expectedNanos = startNanos;
        marks.add(new Mark(0, startNanos, 0, false));
    }

    /** When the next tick should come. */
    void expect(long nanos) {
        expectedNanos = nanos;
    }

    /** How late a tick is that comes now; 0 if that is no stall. */
    long lag(long nowNanos) {
        long lag = nowNanos - expectedNanos;
        return lag > MIN_NANOS ? lag : 0;
    }

    /** For how long the probe itself has stood still so far. */
    long stalled(long nowNanos) {
        return stalledNanos + lag(nowNanos);
    }

    /**
     * A tick came too late.
     *
     * @param first the first exchange that was not due by the tick before
     */
    void ended(long nowNanos, long first) {
        long lag = lag(nowNanos);
        stalledNanos += lag;
        expectedNanos = nowNanos;
        if (lag >= HARMFUL_NANOS) {
            harms = true;
            harmedNanos = nowNanos;
        }
        if (schedule.isOpen()) {
            Mark last = marks.getLast();
            boolean isBehind = beginNanos(last, first) - intendedNanos(first) > MIN_NANOS;
            boolean harmful = lag >= HARMFUL_NANOS || (last.harmful() && isBehind);
            if (last.first() == first) {
                marks.removeLast();
                harmful |= last.harmful();
            }
            marks.add(new Mark(first, nowNanos, stalledNanos, harmful));
        }
    }

    /** How long an exchange takes by now, without the time in which the probe itself stood still. */
    long took(PendingExchange exchange, long nowNanos) {
        return nowNanos - exchange.fromNanos - Math.max(0, stalled(nowNanos) - exchange.stalledNanos);
    }

    /**
     * Whether an exchange may be lost by a stall: one that is long enough by itself, while it was under way or before. A target
     * that rejects what is behind schedule was asked at a pace that is not the rate.
     */
    boolean harmed(PendingExchange exchange, Loss loss, long nowNanos) {
        return exchange.harmed
                || (exchange.behind && loss.kind() == Loss.Kind.REJECTED)
                || lag(nowNanos) >= HARMFUL_NANOS
                || (harms && harmedNanos - exchange.fromNanos >= 0);
    }

    /** How many exchanges of an open loop may have begun by now. */
    long due(long nowNanos) {
        Mark last = marks.getLast();
        long paced = last.first() + schedule.within(PACE * (nowNanos - last.endNanos()));
        return Math.min(schedule.due(nowNanos - startNanos), paced < 0 ? Long.MAX_VALUE : paced);
    }

    /** When the next exchange of an open loop may begin. */
    long nextNanos(long index) {
        return beginNanos(marks.getLast(), index);
    }

    /** An exchange of an open loop, and from when its time counts. It is asked in their order. */
    PendingExchange begin(long index, long number) {
        Mark mark = marks.remove();
        while (!marks.isEmpty() && marks.element().first() <= index) {
            mark = marks.remove();
        }
        marks.addFirst(mark);
        long intended = intendedNanos(index);
        long begins = beginNanos(mark, index);
        return begins - intended > MIN_NANOS
                ? new PendingExchange(number, begins, mark.stalledNanos(), true, mark.harmful())
                : new PendingExchange(number, intended, mark.stalledNanos(), false, false);
    }

    private long beginNanos(Mark mark, long index) {
        long paced = mark.endNanos() - startNanos + (schedule.intendedNanos(index - mark.first()) + 1) / PACE;
        return startNanos + Math.max(schedule.intendedNanos(index), paced);
    }

    private long intendedNanos(long index) {
        return startNanos + schedule.intendedNanos(index);
    }
}
