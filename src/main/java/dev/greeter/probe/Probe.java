package dev.greeter.probe;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes exchanges on a schedule that waits for no answer, and tells what became of each. Its rows run side by side, each
 * on an event loop of its own while there are as many.
 *
 * <p>Every method may be called by any thread.
 */
public final class Probe {
    private static final Duration MAX_STALL = Duration.ofHours(1);

    private final Plan plan;
    private final Vertx vertx;
    private final Connector connector;
    private final List<Driver> drivers;
    private final Optional<Reconciler> reconciler;
    private volatile boolean stopped;

    /** @param vertx as {@link #vertx} makes it, for exact times */
    public Probe(Vertx vertx, Plan plan) {
        this(vertx, plan, Reconciler.INTERVAL);
    }

    Probe(Vertx vertx, Plan plan, Duration settleInterval) {
        this.vertx = vertx;
        this.plan = plan;
        this.connector = new Connector(vertx, plan);
        this.drivers = plan.rows().stream().map(row -> driver(row, connector)).toList();
        this.reconciler = plan.stats().map(stats -> new Reconciler(vertx, stats, settleInterval));
    }

    /** A Vert.x for so many rows. */
    public static Vertx vertx(int rows) {
        return Vertx.vertx(new VertxOptions()
                // its timers are exact to some microseconds, where the JDK's selector knows milliseconds
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(Math.min(rows, Runtime.getRuntime().availableProcessors()))
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                // a probe that is stopped and goes on says so itself
                .setBlockedThreadCheckInterval(MAX_STALL.toMillis())
                // a name with several addresses is a target with several
                .setAddressResolverOptions(new AddressResolverOptions().setRoundRobinInetAddress(true))
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    /** Runs once, from the warm-up to the reconciliation. */
    public Future<Report> run() {
        return warmUp().compose(warm -> before()).compose(read -> measure()).eventually(this::close);
    }

    /** Ends it early: nothing more is begun, what is begun comes to its end, and the report is a full one. */
    public void stop() {
        stopped = true;
        drivers.forEach(Driver::stop);
    }

    /** Since the last call, in the order of the plan's rows. */
    public Future<List<Progress>> progress() {
        return each(Driver::progress);
    }

    /** Since the start, in the order of the plan's rows. */
    Future<List<Counts>> counts() {
        return each(Driver::counts);
    }

    private Future<Void> warmUp() {
        return plan.warmup().isZero()
                ? Future.succeededFuture()
                : each(driver -> driver.run(plan.load().lasting(plan.warmup()))).mapEmpty();
    }

    private Future<Void> before() {
        return reconciler.map(Reconciler::before).orElseGet(Future::succeededFuture);
    }

    private Future<Report> measure() {
        Instant startedAt = Instant.now();
        return each(driver -> driver.run(plan.load())).compose(rows -> {
            Instant endedAt = Instant.now();
            Future<Optional<Reconciliation>> reconciled = reconciler
                    .map(asked -> asked.after(rows).map(Optional::of))
                    .orElseGet(() -> Future.succeededFuture(Optional.empty()));
            return reconciled.map(found -> new Report(plan, startedAt, endedAt, !stopped, rows, found));
        });
    }

    private Future<Void> close() {
        return each(Driver::close).transform(closed -> connector.close());
    }

    private <T> Future<List<T>> each(Function<Driver, Future<T>> doing) {
        List<Future<T>> all = drivers.stream().map(doing).toList();
        return Future.all(all).map(done -> all.stream().map(Future::result).toList());
    }

    private Driver driver(Row row, Connector connector) {
        ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
        return switch (row.form()) {
            case SESSION -> new SessionDriver(row, context, connector, plan.timeout(), plan.connections(), plan.run());
            case ONESHOT, HTTP, HTTP_KEEPALIVE ->
                new SingleDriver(row, context, connector, plan.timeout(), plan.connections());
        };
    }
}
