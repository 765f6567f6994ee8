package dev.greeter.probe.load;

import dev.greeter.probe.measure.LiveCounts;
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
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one scenario's exchanges on one event loop. Each is begun in the first tick after its time; one that finds no
 * connection free waits as a number only, and is lost by timeout as any other. Any thread may call the public methods.
 */
public abstract class Driver {
    /** Exchanges due within it are begun together; their intended times are exact. */
    private static final long TICK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    /** How exactly timeouts are kept. */
    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** After a stall: what came meanwhile is read before it is judged as too late. */
    private static final long CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** So that answers are read between. */
    private static final int MAX_BEGUN_AT_ONCE = 4_096;

    private final Scenario scenario;
    private final ContextInternal context;
    private final Connector connector;
    private final Promise<Void> closed = Promise.promise();

    private final Predicate<PendingExchange> connections = this::begin;

    /** The load that runs now, or ran last. */
    private LoadRun load;

    /** The warm-up has its own counts, which no report shows. */
    private Tally measured;

    private Promise<ScenarioResult> done = Promise.promise();
    private boolean running;
    private boolean stopping;
    private boolean beginsSoon;
    private long sweepNanos;

    Driver(Scenario scenario, ContextInternal context, Connector connector, Duration timeout) {
        this.scenario = scenario;
        this.context = context;
        this.connector = connector;
        this.load = LoadRun.none(scenario, timeout.toNanos());
        this.measured = load.tally();
    }

    /**
     * Creates the driver of a scenario's mode.
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

    /** Hands to the network what was begun. */
    abstract void flush();

    /** Looks at deadlines. */
    abstract void sweep(long nowNanos);

    /** Ends all connections. */
    abstract void closeConnections();

    public final Scenario scenario() {
        return scenario;
    }

    final Connector connector() {
        return connector;
    }

    final Target target() {
        return scenario.target();
    }

    final Tally tally() {
        return load.tally();
    }

    final boolean isOpenLoop() {
        return load.isOpenLoop();
    }

    /**
     * Runs one load to its end, which is when each of its exchanges is answered or lost; loads run one after another.
     *
     * @param measures whether it is the run, and no warm-up
     */
    public final Future<ScenarioResult> run(Load next, RunClock clock, boolean measures) {
        return context.future(promise -> context.runOnContext(go -> {
            load = load.next(scenario, next, clock);
            if (measures) {
                measured = load.tally();
            }
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
            return measured.result();
        });
    }

    /** Returns what another thread can see of what was measured, while the event loop does not turn. */
    public final ScenarioResult unsynchronizedResult() {
        return measured.result();
    }

    /** Returns how far the scenario is, the warm-up included; the next call counts from this one on. */
    public final Future<Progress> progress() {
        return onContext(() -> load.tally().progress());
    }

    /** Returns what was measured so far. */
    public final Future<LiveCounts> counts() {
        return onContext(() -> measured.live());
    }

    private <T> Future<T> onContext(Supplier<T> answer) {
        Future<Void> turn = context.future(promise -> context.runOnContext(promise::complete));
        return turn.map(go -> answer.get());
    }

    /** Ends all connections. */
    public final Future<Void> close() {
        context.runOnContext(go -> {
            closeConnections();
            closed.tryComplete();
        });
        return closed.future();
    }

    final void answered(PendingExchange exchange, @Nullable String node) {
        answered(exchange, node, System.nanoTime());
    }

    final void answered(PendingExchange exchange, @Nullable String node, long atNanos) {
        load.answered(exchange, node, atNanos);
        beginDueSoon();
    }

    final void lost(PendingExchange exchange, Loss loss) {
        load.lost(exchange, loss);
        beginDueSoon();
    }

    /** An answer came to what is lost already. */
    final void late(PendingExchange exchange) {
        load.late(exchange);
    }

    final boolean isLate(PendingExchange exchange, long nowNanos) {
        return load.isLate(exchange, nowNanos);
    }

    final void after(Duration delay, Runnable task) {
        context.owner().setTimer(delay.toMillis(), timer -> task.run());
    }

    /** There is room again: once this event's other answers are read, what waits for it is begun. */
    final void beginDueSoon() {
        if (!beginsSoon && running) {
            beginsSoon = true;
            context.nettyEventLoop()
                    .execute(() -> context.emit(go -> {
                        beginsSoon = false;
                        if (running) {
                            beginDue(System.nanoTime());
                            endIfOver(System.nanoTime());
                        }
                    }));
        }
    }

    private void tick() {
        long now = System.nanoTime();
        boolean stalled = load.endStall(now);
        if (stalled) {
            sweepNanos = now + CATCH_UP_NANOS;
        }
        if (!stopping) {
            load.advance(now);
        }
        if (!stalled) {
            // after a stall, what came meanwhile is read first
            beginDue(now);
        }
        if (now - sweepNanos >= 0) {
            sweepNanos = now + SWEEP_NANOS;
            sweep(now);
            if (load.expireUnsent(now)) {
                beginDueSoon();
            }
        }
        endIfOver(now);
        if (running) {
            long delay = Math.max(TICK_NANOS, Math.min(load.delay(now, stopping, SWEEP_NANOS), SWEEP_NANOS));
            load.expectTick(now + delay);
            var unused =
                    context.nettyEventLoop().schedule(() -> context.emit(go -> tick()), delay, TimeUnit.NANOSECONDS);
        }
    }

    private void beginDue(long now) {
        load.refill(now, stopping);
        int room = MAX_BEGUN_AT_ONCE;
        while (room > 0 && load.beginNext(now, connections)) {
            room--;
        }
        flush();
        if (room == 0) {
            beginDueSoon();
        }
    }

    private void endIfOver(long now) {
        if (running && load.isOver(now, stopping)) {
            running = false;
            done.complete(load.tally().result());
        }
    }
}
