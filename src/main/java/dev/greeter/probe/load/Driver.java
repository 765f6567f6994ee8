package dev.greeter.probe.load;

import dev.greeter.probe.measure.Counts;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.Progress;
import dev.greeter.probe.measure.RunClock;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Tally;
import dev.greeter.probe.measure.Target;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one row's exchanges on one event loop. Each is begun in the first tick after its time; one that finds no
 * connection free waits as a number only, and is lost by timeout as any other.
 */
public abstract class Driver {
    /** Exchanges due within it are begun together; their intended times are exact. */
    private static final long TICK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** How exactly timeouts are kept. */
    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** After a stall: what came meanwhile is read before it is judged as too late. */
    private static final long CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** So that answers are read between. */
    private static final int MAX_PER_PUMP = 4_096;

    public final Scenario scenario;

    private final ContextInternal context;
    private final Connector connector;
    private final long timeoutNanos;
    private final Promise<Void> over = Promise.promise();

    private Schedule schedule;
    private Stalls stalls;
    private Tally tally;

    /** The warm-up has a tally of its own, which nobody is shown. */
    private Tally measured;

    private Promise<ScenarioResult> done = Promise.promise();
    private boolean running;
    private boolean reads;
    private boolean stopping;
    private boolean pumping;
    private long startNanos;
    private long numbered;
    private long seen;
    private long begun;
    private long outstanding;
    private long sweepNanos;

    Driver(Scenario scenario, ContextInternal context, Connector connector, Duration timeout) {
        this.scenario = scenario;
        this.context = context;
        this.connector = connector;
        this.timeoutNanos = timeout.toNanos();
        this.schedule = new Schedule(Load.closedCount(0));
        this.stalls = new Stalls(schedule, 0);
        this.tally = Tally.empty(scenario);
        this.measured = tally;
    }

    /**
     * What makes a scenario's exchanges.
     *
     * @param connections persistent ones, and new ones at one time in a closed loop
     * @param timeout of an exchange, from when it was meant to begin
     * @param run starts every token of a session
     */
    public static Driver of(
            Scenario scenario,
            ContextInternal context,
            Connector connector,
            Duration timeout,
            int connections,
            String run) {
        return switch (scenario.mode()) {
            case SESSION -> new SessionDriver(scenario, context, connector, timeout, connections, run);
            case ONESHOT, HTTP, HTTP_KEEPALIVE ->
                new SequentialDriver(scenario, context, connector, timeout, connections);
        };
    }

    /**
     * Begins an exchange.
     *
     * @return whether a connection had room for it
     */
    abstract boolean begin(PendingExchange exchange);

    /** What was begun is handed to the network. */
    abstract void flush();

    /** Looks at deadlines. */
    abstract void sweep(long nowNanos);

    /** Ends all connections. */
    abstract void closeConnections();

    final Connector connector() {
        return connector;
    }

    final Target target() {
        return scenario.target();
    }

    final Tally tally() {
        return tally;
    }

    final boolean isOpenLoop() {
        return schedule.isOpen();
    }

    /**
     * Runs one load to its end, which is when each of its exchanges is answered or lost; loads run one after another.
     *
     * @param measures whether it is the run, and no warm-up
     */
    public final Future<ScenarioResult> run(Load load, RunClock clock, boolean measures) {
        return context.future(promise -> context.runOnContext(go -> {
            numbered += begun;
            schedule = new Schedule(load);
            startNanos = System.nanoTime();
            tally = new Tally(scenario, load.perSecond(), clock, startNanos);
            if (measures) {
                measured = tally;
            }
            seen = 0;
            begun = 0;
            stalls = new Stalls(schedule, startNanos);
            done = promise;
            running = true;
            tick();
        }));
    }

    /** Begins nothing more; what is begun comes to its end. */
    public final void stop() {
        context.runOnContext(go -> stopping = true);
    }

    /** Ends at once what runs, and returns what was measured so far. */
    public final Future<ScenarioResult> abort() {
        return onContext(() -> {
            stopping = true;
            running = false;
            return measured.report();
        });
    }

    /** What another thread can see of that, while the event loop does not turn. */
    public final ScenarioResult unsynchronizedResult() {
        return measured.report();
    }

    public final Future<Progress> progress() {
        return onContext(() -> tally.progress());
    }

    /** What was measured so far. */
    public final Future<Counts> counts() {
        return onContext(() -> measured.counts());
    }

    private <T> Future<T> onContext(Supplier<T> answer) {
        Future<Void> turn = context.future(promise -> context.runOnContext(promise::complete));
        return turn.map(go -> answer.get());
    }

    public final Future<Void> close() {
        context.runOnContext(go -> {
            closeConnections();
            over.tryComplete();
        });
        return over.future();
    }

    final void answered(PendingExchange exchange, @Nullable String node) {
        answered(exchange, node, System.nanoTime());
    }

    final void answered(PendingExchange exchange, @Nullable String node, long atNanos) {
        outstanding--;
        tally.answered(exchange.fromNanos, atNanos, stalls.took(exchange, atNanos), node);
        pumpSoon();
    }

    final void lost(PendingExchange exchange, Loss loss) {
        exchange.lost = true;
        outstanding--;
        tally.lost(exchange.fromNanos, stalls.harmed(exchange, loss, System.nanoTime()) ? loss.afterStall() : loss);
        pumpSoon();
    }

    /** An answer came to what is lost already. */
    final void late(PendingExchange exchange) {
        if (exchange.number >= numbered) {
            tally.late();
        }
    }

    final boolean isLate(PendingExchange exchange, long nowNanos) {
        return stalls.took(exchange, nowNanos) >= timeoutNanos;
    }

    final void after(Duration delay, Runnable task) {
        context.owner().setTimer(delay.toMillis(), timer -> task.run());
    }

    /** There is room again: once this event's other answers are read, what waits for it is begun. */
    final void pumpSoon() {
        if (!pumping && running) {
            pumping = true;
            context.nettyEventLoop()
                    .execute(() -> context.emit(go -> {
                        pumping = false;
                        if (running) {
                            pump(System.nanoTime());
                            endIfOver(System.nanoTime());
                        }
                    }));
        }
    }

    private void tick() {
        long now = System.nanoTime();
        look(now);
        if (!reads) {
            pump(now);
        }
        if (now - sweepNanos >= 0) {
            sweepNanos = now + SWEEP_NANOS;
            sweep(now);
            expireUnsent(now);
        }
        endIfOver(now);
        if (running) {
            long next =
                    seen < schedule.total() && isOpenLoop() && !stopping ? stalls.nextNanos(seen) - now : SWEEP_NANOS;
            long delay = Math.max(TICK_NANOS, Math.min(next, SWEEP_NANOS));
            stalls.expect(now + delay);
            var unused =
                    context.nettyEventLoop().schedule(() -> context.emit(go -> tick()), delay, TimeUnit.NANOSECONDS);
        }
    }

    /** What has come to its time is seen; if it is seen too late, that is on us, and what came meanwhile is read first. */
    private void look(long now) {
        long lag = stalls.lag(now);
        reads = lag > 0;
        if (reads) {
            stalls.ended(now, seen);
            tally.stalled(lag);
            sweepNanos = now + CATCH_UP_NANOS;
        }
        if (isOpenLoop() && !stopping) {
            seen = Math.max(seen, stalls.due(now));
        }
    }

    private void pump(long now) {
        if (!isOpenLoop() && !stopping && !schedule.isOver(begun, now - startNanos)) {
            seen = schedule.total();
        } else if (!isOpenLoop()) {
            seen = begun;
        }
        int room = MAX_PER_PUMP;
        while (begun < seen && room > 0 && isBegun(next(now))) {
            room--;
        }
        flush();
        if (room == 0) {
            pumpSoon();
        }
    }

    private boolean isBegun(PendingExchange exchange) {
        // before, as it may be lost at once
        outstanding++;
        if (!begin(exchange)) {
            outstanding--;
            return false;
        }
        count(exchange);
        return true;
    }

    private void count(PendingExchange exchange) {
        begun++;
        tally.sent();
        if (exchange.behind) {
            tally.behind();
        }
    }

    private PendingExchange next(long now) {
        return isOpenLoop()
                ? stalls.begin(begun, numbered + begun)
                : new PendingExchange(numbered + begun, now, stalls.stood(now));
    }

    private void expireUnsent(long now) {
        while (isOpenLoop() && begun < seen) {
            PendingExchange exchange = next(now);
            if (!isLate(exchange, now)) {
                return;
            }
            outstanding++;
            count(exchange);
            tally.unsent();
            lost(exchange, Loss.of(Loss.Kind.TIMEOUT, "no connection was free in time"));
        }
    }

    private void endIfOver(long now) {
        boolean allBegun = stopping || schedule.isOver(begun, now - startNanos);
        boolean noneWaits = begun >= seen || !isOpenLoop();
        if (running && allBegun && noneWaits && outstanding == 0) {
            running = false;
            done.complete(tally.report());
        }
    }
}
