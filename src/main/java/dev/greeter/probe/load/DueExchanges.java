package dev.greeter.probe.load;

import dev.greeter.probe.measure.Loss;

/**
 * The exchanges of one load that have come to their time, and which of those are begun. In an open loop the schedule decides,
 * and the probe's own stalls; in a closed loop the next one is due as soon as there is room for it. Times are nanoseconds by
 * {@link System#nanoTime}.
 */
final class DueExchanges {
    private final Schedule schedule;
    private final Stalls stalls;
    private final long startNanos;
    private final long firstNumber;
    private long due;
    private long begun;

    /** @param firstNumber of the load's first exchange, counted over all loads of a run */
    DueExchanges(Load load, long startNanos, long firstNumber) {
        this.schedule = new Schedule(load);
        this.stalls = new Stalls(schedule, startNanos);
        this.startNanos = startNanos;
        this.firstNumber = firstNumber;
    }

    boolean isOpenLoop() {
        return schedule.isOpen();
    }

    /** Returns for how long the probe itself stood still until a tick that comes now; 0 if that is no stall. */
    long endStall(long now) {
        long lag = stalls.lag(now);
        if (lag > 0) {
            stalls.ended(now, due);
        }
        return lag;
    }

    /** Lets come due what the schedule of an open loop has by now. */
    void advance(long now) {
        if (isOpenLoop()) {
            due = Math.max(due, stalls.due(now));
        }
    }

    /** In a closed loop: all that are left are due, or none any more if no more are to be begun. */
    void refill(long now, boolean stopping) {
        if (!isOpenLoop()) {
            due = stopping || schedule.isOver(begun, now - startNanos) ? begun : schedule.total();
        }
    }

    boolean hasNext() {
        return begun < due;
    }

    /** The next one, from when it counts; it stays the next one until {@link #begin}. */
    PendingExchange next(long now) {
        long number = firstNumber + begun;
        return isOpenLoop() ? stalls.begin(begun, number) : new PendingExchange(number, now, stalls.stalled(now));
    }

    void begin() {
        begun++;
    }

    /** Whether all are begun that will be. */
    boolean isOver(long now, boolean stopping) {
        return (stopping || schedule.isOver(begun, now - startNanos)) && !(isOpenLoop() && hasNext());
    }

    /** How long it is until the next exchange of an open loop comes due; {@code otherwise} where none does. */
    long delay(long now, boolean stopping, long otherwise) {
        return isOpenLoop() && !stopping && due < schedule.total() ? stalls.nextNanos(due) - now : otherwise;
    }

    /** Sets when the next tick should come. */
    void expectTick(long nanos) {
        stalls.expect(nanos);
    }

    /** Whether it is an exchange of this load, and none of one before. */
    boolean has(PendingExchange exchange) {
        return exchange.number >= firstNumber;
    }

    /** The number of the exchange after those that are begun. */
    long nextNumber() {
        return firstNumber + begun;
    }

    /** How long an exchange takes by now, without the time in which the probe itself stood still. */
    long took(PendingExchange exchange, long now) {
        return stalls.took(exchange, now);
    }

    /** The loss of an exchange, which may be due to a stall of the probe's own. */
    Loss judged(PendingExchange exchange, Loss loss, long now) {
        return stalls.harmed(exchange, loss, now) ? loss.afterStall() : loss;
    }
}
