package dev.greeter.probe;

import dev.greeter.client.ClientVertx;
import dev.greeter.client.Unexpected;
import dev.greeter.client.connect.TlsConnector;
import dev.greeter.probe.load.Connector;
import dev.greeter.probe.load.Driver;
import dev.greeter.probe.load.Rehearsal;
import dev.greeter.probe.measure.LiveCounts;
import dev.greeter.probe.measure.Progress;
import dev.greeter.probe.measure.RunClock;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Tally;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes exchanges on a schedule that waits for no answer, and reports what became of each. Its scenarios run side by side,
 * each on its own event loop while there are as many. An unexpected failure on an event loop ends the run, and its report says
 * so.
 *
 * <p>Any thread may call any method.
 */
public final class Probe {
    private static final long ABORT_TIMEOUT_MILLIS = 1_000;

    /** In so many intervals, wherever they begin, an exchange is answered. */
    private static final double GATE_INTERVALS = 2;

    /** For how long no exchange must have been lost, where exchanges are not rare. */
    private static final Duration GATE_WINDOW = Duration.ofMinutes(1);

    /** Creates the driver of a scenario. */
    interface DriverFactory {
        Driver driver(Scenario scenario, ContextInternal context, Connector connector);
    }

    private final Plan plan;
    private final Vertx vertx;
    private final InstantSource wall;
    private final Connector connector;
    private final List<Driver> drivers;
    private final Optional<Reconciler> reconciler;
    private final Promise<Report> report = Promise.promise();
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile boolean stopped;
    private volatile boolean rehearses;
    private volatile RunClock clock;
    private volatile @Nullable Instant endedAt;

    /** @param vertx as {@link #vertx} makes it, for exact times; it is the probe's alone */
    public Probe(Vertx vertx, Plan plan) {
        this(vertx, plan, Reconciler.INTERVAL, InstantSource.system(), of(plan));
        rehearses = true;
    }

    Probe(Vertx vertx, Plan plan, Duration settleInterval, InstantSource wall, DriverFactory factory) {
        this.vertx = vertx;
        this.plan = plan;
        this.wall = wall;
        this.clock = RunClock.start(wall);
        boolean tls =
                plan.scenarios().stream().anyMatch(scenario -> scenario.target().tls());
        this.connector = new Connector(vertx, plan.timeout(), tls ? new TlsConnector(plan.tls()) : null);
        this.drivers = plan.scenarios().stream()
                .map(scenario -> factory.driver(scenario, ((VertxInternal) vertx).createEventLoopContext(), connector))
                .toList();
        this.reconciler = plan.stats().map(stats -> new Reconciler(vertx, stats, settleInterval));
        vertx.exceptionHandler(this::fail);
    }

    static DriverFactory of(Plan plan) {
        return (scenario, context, connector) ->
                Driver.of(scenario, context, connector, plan.timeout(), plan.connections(), plan.run());
    }

    /** A Vert.x for so many scenarios. */
    public static Vertx vertx(int scenarios) {
        int eventLoops = Math.min(scenarios, Runtime.getRuntime().availableProcessors());
        return Vertx.vertx(ClientVertx.options(eventLoops));
    }

    /** Runs once, from the warm-up to the reconciliation. The future never fails: the report says what went wrong. */
    public Future<Report> run() {
        rehearse()
                .compose(ready -> warmUp())
                .compose(warm -> before())
                .compose(read -> measure())
                .eventually(this::close)
                .onComplete(report::tryComplete, this::fail);
        return report.future();
    }

    /** Ends the run early: nothing more is begun, what is begun comes to its end, and the report is a full one. */
    public void stop() {
        stopped = true;
        drivers.forEach(Driver::stop);
    }

    /** Ends the run at once: the report has what was measured by now. */
    public void abort() {
        stopped |= endedAt == null;
        endNow(Optional.empty());
    }

    /** Returns how far each scenario is, in the plan's order; the next call counts from this one on. */
    public Future<List<Progress>> progress() {
        return each(Driver::progress).onFailure(this::fail);
    }

    /** Returns what each scenario has counted, the warm-up left out, in the plan's order. */
    Future<List<LiveCounts>> counts() {
        return each(Driver::counts);
    }

    /** For how long no exchange must have been lost for the gate to be open; where exchanges are rare, until the next is over. */
    Duration gateWindow() {
        double interval = plan.load().perSecond().isPresent()
                ? 1e9 / plan.load().perSecond().getAsDouble()
                : 0;
        Duration rare = Duration.ofNanos((long) Math.min(interval * GATE_INTERVALS, Long.MAX_VALUE / 2.0))
                .plus(plan.timeout());
        return rare.compareTo(GATE_WINDOW) > 0 ? rare : GATE_WINDOW;
    }

    /** Ends the run because of a failure that should never happen: the one way out for all of those. */
    void fail(Throwable cause) {
        stopped = true;
        endNow(Optional.of(Unexpected.text(cause)));
    }

    private void endNow(Optional<String> failure) {
        if (!report.future().isComplete() && ending.compareAndSet(false, true)) {
            var unused = abortAll()
                    .thenAccept(results -> report.tryComplete(new Report(
                            plan,
                            clock.startedAt(),
                            endedAt(),
                            !stopped,
                            failure,
                            results,
                            reconciler.map(asked ->
                                    Reconciliation.failed("the run ended before the service's counts were read")))));
        }
    }

    /** Waits by the JDK's own threads only, because an event loop may be stuck. Never fails. */
    private CompletableFuture<List<ScenarioResult>> abortAll() {
        List<CompletableFuture<ScenarioResult>> results =
                drivers.stream().map(Probe::abort).toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(all -> results.stream().map(CompletableFuture::join).toList());
    }

    private static CompletableFuture<ScenarioResult> abort(Driver driver) {
        return driver.abort()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(ABORT_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionally(stuck -> driver.unsynchronizedResult())
                // what was counted may be what fails
                .exceptionally(broken -> Tally.empty(driver.scenario()).result());
    }

    private Instant endedAt() {
        Instant ended = endedAt;
        return ended == null ? clock.now() : ended;
    }

    private Future<Void> rehearse() {
        return rehearses
                ? new Rehearsal(vertx, plan.run())
                        .run(plan.scenarios().stream().map(Scenario::mode).toList())
                : Future.succeededFuture();
    }

    private Future<Void> warmUp() {
        return plan.warmup().isZero() || stopped
                ? Future.succeededFuture()
                : each(driver -> driver.run(plan.load().lasting(plan.warmup()), clock, false))
                        .mapEmpty();
    }

    private Future<Void> before() {
        return reconciler.map(Reconciler::before).orElseGet(Future::succeededFuture);
    }

    private Future<Report> measure() {
        RunClock started = RunClock.start(wall);
        clock = started;
        return each(driver -> driver.run(plan.load(), started, true)).compose(results -> {
            Instant ended = started.now();
            boolean complete = !stopped;
            endedAt = ended;
            Future<Optional<Reconciliation>> reconciled = reconciler
                    .map(asked -> asked.after(results).map(Optional::of))
                    .orElseGet(() -> Future.succeededFuture(Optional.empty()));
            return reconciled.map(
                    found -> new Report(plan, started.startedAt(), ended, complete, Optional.empty(), results, found));
        });
    }

    private Future<Void> close() {
        return each(Driver::close).transform(closed -> connector.close());
    }

    private <T> Future<List<T>> each(Function<Driver, Future<T>> doing) {
        List<Future<T>> all = drivers.stream().map(doing).toList();
        return Future.all(all).map(done -> all.stream().map(Future::result).toList());
    }
}
