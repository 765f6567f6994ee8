package dev.greeter.probe.load;

import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.RunClock;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.Tally;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One load of one scenario: which of its exchanges have come to their time, which are begun, and what became of them. In an
 * open loop the schedule decides, and the probe's own stalls; in a closed loop the next one is due as soon as there is room for
 * it. Times are nanoseconds by {@link System#nanoTime}. Used by its scenario's event loop only.
 */
final class LoadRun {
    private final Schedule schedule;
    private final Stalls stalls;
    private final Tally tally;
    private final long startNanos;
    private final long firstNumber;
    private final long timeoutNanos;
    private long due;
    private long begun;
    private long outstanding;

    private LoadRun(Load load, Tally tally, long startNanos, long firstNumber, long timeoutNanos) {
        this.schedule = new Schedule(load);
        this.stalls = new Stalls(schedule, startNanos);
        this.tally = tally;
        this.startNanos = startNanos;
        this.firstNumber = firstNumber;
        this.timeoutNanos = timeoutNanos;
    }

    /** Before the first load: nothing is due. */
    static LoadRun none(Scenario scenario, long timeoutNanos) {
        return new LoadRun(Load.closedCount(0), Tally.empty(scenario), 0, 0, timeoutNanos);
    }

    /** Starts the next load now; its exchanges are numbered after those of this one. */
    LoadRun next(Scenario scenario, Load load, RunClock clock) {
        long now = System.nanoTime();
        Tally fresh = new Tally(scenario, load.perSecond(), clock, now);
        return new LoadRun(load, fresh, now, firstNumber + begun, timeoutNanos);
    }

    Tally tally() {
        return tally;
    }

    boolean isOpenLoop() {
        return schedule.isOpen();
    }

    /** Returns whether the probe itself stood still until a tick that comes now, and counts for how long. */
    boolean endStall(long now) {
        long lag = stalls.lag(now);
        if (lag > 0) {
            stalls.ended(now, due);
            tally.stalled(lag);
        }
        return lag > 0;
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

    /**
     * Begins the next exchange, if one is due.
     *
     * @param connections begin it, or have no room for it
     */
    boolean beginNext(long now, Predicate<PendingExchange> connections) {
        if (begun >= due) {
            return false;
        }
        PendingExchange exchange = peek(now);
        // before, because it may be lost at once
        outstanding++;
        if (!connections.test(exchange)) {
            outstanding--;
            return false;
        }
        count(exchange);
        return true;
    }

    /** Returns whether exchanges are lost by now because no connection was free in time. */
    boolean expireUnsent(long now) {
        boolean expired = false;
        while (isOpenLoop() && begun < due) {
            PendingExchange exchange = peek(now);
            if (!isLate(exchange, now)) {
                break;
            }
            outstanding++;
            count(exchange);
            tally.unsent();
            lost(exchange, Loss.of(Loss.Kind.TIMEOUT, "no connection was free in time"));
            expired = true;
        }
        return expired;
    }

    private PendingExchange peek(long now) {
        long number = firstNumber + begun;
        return isOpenLoop() ? stalls.begin(begun, number) : new PendingExchange(number, now, stalls.stalled(now));
    }

    private void count(PendingExchange exchange) {
        begun++;
        tally.sent();
        if (exchange.behind) {
            tally.behind();
        }
    }

    void answered(PendingExchange exchange, @Nullable String node, long atNanos) {
        outstanding--;
        tally.answered(exchange.fromNanos, atNanos, stalls.took(exchange, atNanos), node);
    }

    void lost(PendingExchange exchange, Loss loss) {
        exchange.lost = true;
        outstanding--;
        boolean harmed = stalls.harmed(exchange, loss, System.nanoTime());
        tally.lost(exchange.fromNanos, harmed ? loss.afterStall() : loss);
    }

    /** An answer came to what is lost already; one of the load before does not count. */
    void late(PendingExchange exchange) {
        if (exchange.number >= firstNumber) {
            tally.late();
        }
    }

    boolean isLate(PendingExchange exchange, long now) {
        return stalls.took(exchange, now) >= timeoutNanos;
    }

    /** Whether all are begun that will be, and each is answered or lost. */
    boolean isOver(long now, boolean stopping) {
        boolean allBegun = stopping || schedule.isOver(begun, now - startNanos);
        boolean noneWaits = begun >= due || !isOpenLoop();
        return outstanding == 0 && allBegun && noneWaits;
    }

    /** How long it is until the next exchange of an open loop comes due; {@code otherwise} where none does. */
    long delay(long now, boolean stopping, long otherwise) {
        return isOpenLoop() && !stopping && due < schedule.total() ? stalls.nextNanos(due) - now : otherwise;
    }

    /** Sets when the next tick should come. */
    void expectTick(long nanos) {
        stalls.expect(nanos);
    }
}
