package dev.greeter;

import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.LocalCodec;
import dev.greeter.bus.Node;
import dev.greeter.bus.PerProtocol;
import dev.greeter.cluster.Cluster;
import dev.greeter.config.Config;
import dev.greeter.config.Version;
import dev.greeter.config.value.HostPort;
import dev.greeter.faults.Faults;
import dev.greeter.greeting.GreetingBinding;
import dev.greeter.greeting.GreetingServerVerticle;
import dev.greeter.http.HttpBinding;
import dev.greeter.http.bridge.BridgeAccess;
import dev.greeter.http.management.ManagementVerticle;
import dev.greeter.http.resource.WebVerticle;
import dev.greeter.ledger.ClusterLedger;
import dev.greeter.ledger.Ledger;
import dev.greeter.ledger.LedgerVerticle;
import dev.greeter.monitor.EventLoops;
import dev.greeter.monitor.Health;
import dev.greeter.monitor.Metrics;
import dev.greeter.monitor.Readiness;
import dev.greeter.monitor.ServerMetrics;
import dev.greeter.net.AcceptLimit;
import dev.greeter.net.Grace;
import dev.greeter.net.LimitedTransport;
import dev.greeter.net.tls.Certificates;
import dev.greeter.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node of the service: starts all of its verticles from a configuration and stops them, each in its order. Thread-safe. */
public final class Greeter {
    private static final Logger LOG = LoggerFactory.getLogger(Greeter.class);

    private final LifecycleLog log = new LifecycleLog(LOG);
    private final Capacity capacity = Capacity.ofProcess();
    private final AcceptLimit accepted = capacity.acceptLimit();
    /** As the operator wrote it. */
    private final Config configured;
    /** The same, with limits that fit into the memory and descriptors of the process. */
    private final Config config;

    private final Certificates certificates;
    private final Node node;
    private final Tracing tracing;
    private final Readiness readiness = new Readiness();
    private final Ledger ledger;
    private final @Nullable ClusterLedger clusterLedger;
    private final @Nullable Cluster cluster;
    private final GreetingBinding greeting;
    private final HttpBinding http;
    private final BridgeAccess bridge;
    private final HttpBinding management;
    private final EventLoops loops = new EventLoops();
    private final ServerMetrics servers = new ServerMetrics();
    private final Grace grace;
    private final Shutdown shutdown;

    private final PerProtocol<Faults> faults = PerProtocol.of(protocol -> new Faults(protocol.label()));

    /** Null until it is created, in a cluster until the node has joined. */
    private volatile @Nullable Vertx vertx;

    private volatile @Nullable Deployments deployments;
    /** The ledger is up: it has written its tally for the other nodes, and has read theirs. */
    private volatile boolean joined;

    private volatile Future<Void> started = Future.succeededFuture();

    /**
     * @param certificates of the ports, as the configuration has them
     * @param tracing is closed when the node stops
     */
    public Greeter(Config configured, Certificates certificates, Tracing tracing) {
        config = capacity.fit(configured);
        this.configured = configured;
        this.certificates = certificates;
        this.tracing = tracing;
        grace = new Grace(config.shutdown().grace());
        node = new Node(config.node().name(), config.node().host(), Version.number(), Instant.now());
        ledger = new Ledger(node, config.exchangeLog().maxPerSecond());
        clusterLedger = config.cluster().enabled() ? new ClusterLedger(ledger) : null;
        cluster = config.cluster().enabled() ? new Cluster(config.cluster()) : null;
        greeting = new GreetingBinding(config.greeting(), certificates.greeting());
        http = new HttpBinding(config.http(), certificates.http());
        bridge = new BridgeAccess(config.bridge());
        management = new HttpBinding(config.management(), capacity.managementConnections(), certificates.management());
        shutdown = new Shutdown(grace, loops, log, tracing, cluster);
        apply(config);
    }

    /**
     * Starts the management server, the ledger, then both servers, and is ready when all are up.
     *
     * @return fails if one cannot start, after the reason was logged and the others were stopped
     */
    public Future<Void> start() {
        log.configuration(configured);
        capacity.log(configured, LOG);
        started = createVertx().compose(created -> {
            vertx = created;
            LocalCodec.register(created.eventBus());
            Deployments deploying = new Deployments(created);
            deployments = deploying;
            LedgerClient ledgers = new LedgerClient(created.eventBus());
            return deployManagement(created, deploying, ledgers)
                    .onSuccess(up -> accepted.reserveFor(management))
                    .compose(up -> deployLedger(deploying))
                    .compose(up -> Future.join(deployGreeting(deploying), deployHttp(deploying, ledgers)))
                    .onSuccess(up -> ready())
                    .mapEmpty();
        });
        return started.recover(cause -> {
            log.notStarted(cause);
            return close().transform(closed -> Future.failedFuture(cause));
        });
    }

    private Future<Void> deployManagement(Vertx created, Deployments deploying, LedgerClient ledgers) {
        Config.Management section = config.management();
        Health alone = Health.of(readiness, loops, ledgers);
        Health health = cluster == null ? alone : alone.inCluster(cluster::isMember, () -> joined);
        Map<String, LongSupplier> active =
                Map.of("http", http::activeRequests, "management", management::activeRequests);
        Metrics metrics = new Metrics(created, node, ledgers, servers, loops, readiness, certificates, active);
        return deploying
                .support(loops.watchFrom(() -> new ManagementVerticle(
                        management, node.name(), readiness, health, metrics, config.faults(), faults)))
                .recover(cause -> notListening("management", section.host(), section.port(), cause));
    }

    private Future<Void> deployLedger(Deployments deploying) {
        return deploying
                .support(loops.watch("ledger", () -> new LedgerVerticle(ledger, clusterLedger)))
                .onSuccess(up -> joined = true);
    }

    private Future<Void> deployGreeting(Deployments deploying) {
        Config.Greeting section = config.greeting();
        return deploying
                .serve(
                        section.instances(),
                        loops.watch(
                                "greeting",
                                () -> new GreetingServerVerticle(greeting, node.name(), faults.greeting(), grace)))
                .recover(cause -> notListening("greeting", section.host(), section.port(), cause));
    }

    private Future<Void> deployHttp(Deployments deploying, LedgerClient ledgers) {
        Config.Http section = config.http();
        return deploying
                .serve(
                        section.instances(),
                        loops.watch(
                                "http",
                                () -> new WebVerticle(
                                        http, bridge, node.name(), readiness, faults.http(), grace, ledgers)))
                .recover(cause -> notListening("http", section.host(), section.port(), cause));
    }

    private void ready() {
        if (!readiness.ready()) {
            return;
        }
        log.listening("greeting", config.greeting().host(), greeting.port());
        log.listening("http", config.http().host(), http.port());
        log.listening("management", config.management().host(), management.port());
        log.ready(node.name());
    }

    /** Applies the values of live keys; those of all other keys must be as they were. */
    public void change(Config asWritten) {
        Config changed = capacity.fit(asWritten);
        capacity.log(asWritten, LOG);
        apply(changed);
    }

    private void apply(Config changed) {
        ledger.logAtMost(changed.exchangeLog().maxPerSecond());
        ledger.show(changed.exchanges().peers());
        greeting.change(changed.greeting());
        greeting.limitPeers(changed.peers());
        http.change(changed.http());
        http.limitPeers(changed.peers());
        bridge.change(changed.bridge());
    }

    /**
     * Stops in order: it is not ready at once, goes on serving for {@code shutdown.delay}, drains both protocols for at most
     * {@code shutdown.grace}, stops the ledger, which has every exchange by then, and leaves the cluster. A start that is
     * under way is finished first; there is no delay then, because the node was never ready.
     *
     * @return whether connections were cut at the end of the grace period, or left open by a verticle that did not stop in
     *     time; never fails
     */
    public Future<Boolean> stop() {
        Duration delay =
                readiness.state() == Readiness.State.READY ? config.shutdown().delay() : Duration.ZERO;
        log.stopping(delay);
        readiness.drain();
        ledger.drain();
        Vertx created = vertx;
        if (created == null) {
            // the node has not joined the cluster yet, and has served no client
            return Future.succeededFuture(false);
        }
        Promise<Boolean> stopped = Promise.promise();
        started.transform(either -> shutdown.delay(delay))
                .onComplete(over -> close().onSuccess(inTime -> {
                    log.stopped(ledger.totals(), ledger.cut());
                    stopped.complete(!inTime || ledger.cut() > 0);
                }));
        return stopped.future();
    }

    boolean hasFailed() {
        return started.failed();
    }

    /**
     * Ends the delay of a stop that has begun.
     *
     * @return whether there was one to end
     */
    boolean endDelay() {
        return shutdown.endDelay();
    }

    /** Ends the grace period of a stop that has begun, even before the period itself begins. */
    void endGrace() {
        shutdown.endGrace();
    }

    private Future<Boolean> close() {
        Vertx created = vertx;
        Deployments deployed = deployments;
        return created == null || deployed == null ? Future.succeededFuture(true) : shutdown.close(created, deployed);
    }

    private Future<Vertx> createVertx() {
        VertxBuilder builder = tracing.applyTo(Vertx.builder()
                .withTransport(LimitedTransport.of(accepted, Deployments.sharePorts(config), greeting, http))
                .withMetrics(servers.factory()));
        VertxOptions options = Deployments.options(config).setMetricsOptions(servers.options());
        return cluster != null
                ? cluster.join(builder, options)
                : Future.succeededFuture(builder.with(options).build());
    }

    private static <T> Future<T> notListening(String section, String host, int port, Throwable cause) {
        return Future.failedFuture(new IllegalStateException(
                "cannot listen on " + new HostPort(host, port) + " (" + section + ".host, " + section + ".port): "
                        + cause.getMessage(),
                cause));
    }
}
