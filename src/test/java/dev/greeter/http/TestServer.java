package dev.greeter.http;

import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.LocalCodec;
import dev.greeter.bus.Node;
import dev.greeter.bus.PerProtocol;
import dev.greeter.config.Config;
import dev.greeter.faults.Faults;
import dev.greeter.http.bridge.BridgeAccess;
import dev.greeter.http.management.ManagementVerticle;
import dev.greeter.http.resource.WebVerticle;
import dev.greeter.monitor.EventLoops;
import dev.greeter.monitor.Health;
import dev.greeter.monitor.Metrics;
import dev.greeter.monitor.Readiness;
import dev.greeter.monitor.ServerMetrics;
import dev.greeter.net.AcceptLimit;
import dev.greeter.net.Grace;
import dev.greeter.net.LimitedTransport;
import dev.greeter.net.tls.Certificates;
import dev.greeter.net.tls.ServerTls;
import dev.greeter.testing.Configs;
import dev.greeter.testing.RawClient;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server under test, on a free port of the loopback, with a ledger that keeps its exchanges. */
public final class TestServer implements AutoCloseable {
    public static final String NODE = "greeter-0";
    public static final int MAX_CONNECTIONS = 4;
    public static final Duration GRACE = Duration.ofSeconds(5);

    public final Vertx vertx = Vertx.builder()
            .withTransport(LimitedTransport.of(new AcceptLimit(Integer.MAX_VALUE, 0), false))
            .build();
    public final Readiness readiness = new Readiness();
    public final FakeLedger ledger;
    public final BridgeAccess bridge;
    private final HttpBinding listener;
    private final List<RawClient> clients = new ArrayList<>();
    private final String deployment;

    private TestServer(
            HttpBinding listener, BridgeAccess bridge, DeploymentOptions options, DeployableFactory factory) {
        this.listener = listener;
        this.bridge = bridge;
        LocalCodec.register(vertx.eventBus());
        ledger = new FakeLedger(vertx);
        Supplier<Deployable> verticles = () -> factory.create(vertx, listener, readiness);
        deployment = vertx.deployVerticle(verticles, options).await();
    }

    private interface DeployableFactory {
        Deployable create(Vertx vertx, HttpBinding listener, Readiness readiness);
    }

    public static TestServer web() {
        return web(NODE, GRACE, 1);
    }

    public static TestServer web(String node, Duration grace, int instances) {
        return web(node, grace, instances, Duration.ofSeconds(60), Duration.ofSeconds(30), null, new Faults("http"));
    }

    /** Starts a server whose page may be spoiled by these faults. */
    public static TestServer web(Faults faults, Duration grace) {
        return web(NODE, grace, 1, Duration.ofSeconds(60), Duration.ofSeconds(30), null, faults);
    }

    public static TestServer webOverTls(ServerTls tls) {
        return web(NODE, GRACE, 1, Duration.ofSeconds(60), Duration.ofSeconds(30), tls, new Faults("http"));
    }

    public static TestServer web(Duration idleTimeout, Duration requestTimeout) {
        return web(NODE, GRACE, 1, idleTimeout, requestTimeout, null, new Faults("http"));
    }

    private static TestServer web(
            String node,
            Duration grace,
            int instances,
            Duration idleTimeout,
            Duration requestTimeout,
            @Nullable ServerTls tls,
            Faults faults) {
        BridgeAccess bridge = bridge();
        Config.Http config = Configs.http("127.0.0.1", 0, instances, MAX_CONNECTIONS, idleTimeout, requestTimeout);
        TestServer server = new TestServer(
                new HttpBinding(config, tls),
                bridge,
                new DeploymentOptions().setInstances(instances),
                (vertx, listener, readiness) -> new WebVerticle(
                        listener,
                        bridge,
                        node,
                        readiness,
                        faults,
                        new Grace(grace),
                        new LedgerClient(vertx.eventBus())));
        server.readiness.ready();
        return server;
    }

    private static BridgeAccess bridge() {
        return new BridgeAccess(new Config.Bridge(2, 1_024, 10, List.of(), false));
    }

    private static Metrics metrics(Vertx vertx) {
        return new Metrics(
                vertx,
                new Node(NODE, "host", "1.2.3", Instant.EPOCH),
                new LedgerClient(vertx.eventBus()),
                new ServerMetrics(),
                new EventLoops(),
                new Readiness(),
                Certificates.NONE,
                Map.of());
    }

    /** Starts a management server with further live and ready checks. */
    public static TestServer management(List<Health.Check> live, List<Health.Check> ready) {
        return management(live, ready, new Config.Faults("", List.of(), Duration.ofMinutes(1)));
    }

    public static TestServer management(Config.Faults config) {
        return management(List.of(), List.of(), config);
    }

    /** Starts a management server for so many connections, whose clients have a minute for anything. */
    public static TestServer management(int maxConnections) {
        Duration minute = Duration.ofMinutes(1);
        return management(
                List.of(),
                List.of(),
                new Config.Faults("open-sesame", List.of(), minute),
                new HttpBinding(
                        Configs.management("127.0.0.1", 0),
                        maxConnections,
                        new HttpBinding.Timeouts(minute, minute),
                        null));
    }

    public static TestServer managementOverTls(Config.Faults config, ServerTls tls) {
        return management(List.of(), List.of(), config, new HttpBinding(Configs.management("127.0.0.1", 0), 256, tls));
    }

    /** Starts a management server with faults on demand, and so with an endpoint that uses bodies. */
    public static TestServer management(Config.Faults config, Duration idleTimeout, Duration requestTimeout) {
        return management(
                List.of(),
                List.of(),
                config,
                new HttpBinding(
                        Configs.management("127.0.0.1", 0),
                        256,
                        new HttpBinding.Timeouts(idleTimeout, requestTimeout),
                        null));
    }

    private static TestServer management(List<Health.Check> live, List<Health.Check> ready, Config.Faults config) {
        return management(live, ready, config, new HttpBinding(Configs.management("127.0.0.1", 0), 256, null));
    }

    private static TestServer management(
            List<Health.Check> live, List<Health.Check> ready, Config.Faults config, HttpBinding listening) {
        return new TestServer(
                listening,
                bridge(),
                new DeploymentOptions(),
                (vertx, listener, readiness) -> new ManagementVerticle(
                        listener,
                        NODE,
                        readiness,
                        new Health(
                                live,
                                Stream.concat(Stream.of(readiness.readyCheck()), ready.stream())
                                        .toList(),
                                List.of(readiness.startedCheck())),
                        metrics(vertx),
                        config,
                        PerProtocol.of(protocol -> new Faults(protocol.label()))));
    }

    /** Changes the limit, as a change of the configuration's file does. */
    public void changeLimit(int maxConnections) {
        listener.change(
                Configs.http("127.0.0.1", 0, 1, maxConnections, Duration.ofSeconds(60), Duration.ofSeconds(30)));
    }

    /** Sets how many connections each client may have. */
    public void limitPeers(int maxConnections) {
        listener.limitPeers(new Config.Peers(maxConnections, 0));
    }

    /** Changes the timeouts of new connections, as a change of the file does. */
    public void changeTimeouts(Duration idle, Duration request) {
        listener.change(Configs.http("127.0.0.1", 0, 1, MAX_CONNECTIONS, idle, request));
    }

    public long activeRequests() {
        return listener.activeRequests();
    }

    public int port() {
        return listener.port();
    }

    public void reach(Readiness.State state) {
        switch (state) {
            case STARTING -> {}
            case READY -> readiness.ready();
            case DRAINING -> {
                readiness.ready();
                readiness.drain();
            }
        }
    }

    public RawClient connect() {
        return connect(0);
    }

    /**
     * Connects a client that is closed with this server.
     *
     * @param receiveBufferOctets zero for the default of the system
     */
    public RawClient connect(int receiveBufferOctets) {
        return added(new RawClient(port(), receiveBufferOctets));
    }

    /** Connects a client from one of the machine's addresses. */
    public RawClient connectFrom(String address) {
        return added(RawClient.from(address, port()));
    }

    private RawClient added(RawClient client) {
        clients.add(client);
        return client;
    }

    /** Closes all clients. */
    public void disconnect() {
        clients.forEach(RawClient::close);
        clients.clear();
    }

    /** Drains and closes the server, but not its ledger. */
    public Future<Void> undeploy() {
        return vertx.undeploy(deployment);
    }

    @Override
    public void close() {
        disconnect();
        vertx.close().await();
    }
}
