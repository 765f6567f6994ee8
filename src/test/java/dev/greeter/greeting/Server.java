package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.LocalCodec;
import dev.greeter.bus.Node;
import dev.greeter.bus.Stats;
import dev.greeter.config.Config;
import dev.greeter.faults.Faults;
import dev.greeter.ledger.Ledger;
import dev.greeter.ledger.LedgerVerticle;
import dev.greeter.net.AcceptLimit;
import dev.greeter.net.Grace;
import dev.greeter.net.LimitedTransport;
import dev.greeter.net.tls.ServerTls;
import dev.greeter.protocol.WireExample;
import dev.greeter.testing.Configs;
import dev.greeter.testing.RawClient;
import io.netty.util.concurrent.EventExecutorGroup;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Greeting verticles and a ledger of their own, on a free port. */
final class Server implements AutoCloseable {
    static final Config.Greeting DEFAULTS =
            Configs.greeting("127.0.0.1", 0, 1, 10_000, Duration.ofSeconds(30), Duration.ofSeconds(30));
    /** Requests with long tokens, for clients that do not read the answers. */
    static final String A_LOT = ("Hello " + "0123456789abcdef".repeat(4) + "\n").repeat(2_000);

    static final Duration GRACE = Duration.ofSeconds(20);

    final Vertx vertx;
    final Faults faults = new Faults("greeting");
    final Ledger ledger = new Ledger(new Node("greeter-0", "host", "1", Instant.EPOCH), 0);
    private final GreetingBinding binding;
    final Grace grace;
    private String deployment = "";
    private String ledgerDeployment = "";

    Server() {
        this(DEFAULTS);
    }

    Server(Config.Greeting config) {
        this(config, GRACE);
    }

    Server(Config.Greeting config, Duration grace) {
        this(config, grace, Backlog.ofProcess());
    }

    Server(Config.Greeting config, Duration grace, Backlog backlog) {
        this(config, grace, backlog, null);
    }

    /** @param tls null for clear text */
    Server(Config.Greeting config, Duration grace, Backlog backlog, @Nullable ServerTls tls) {
        vertx = Vertx.builder()
                .withTransport(LimitedTransport.of(new AcceptLimit(Integer.MAX_VALUE, 0), config.instances() > 1))
                .build();
        LocalCodec.register(vertx.eventBus());
        startLedger();
        this.grace = new Grace(grace);
        binding = new GreetingBinding(config, tls, backlog);
        deploy();
    }

    void deploy() {
        deployment = vertx.deployVerticle(
                        () -> new GreetingServerVerticle(binding, "greeter-0", faults, grace),
                        new DeploymentOptions().setInstances(binding.config().instances()))
                .await();
    }

    /** What a change of the configuration's file does. */
    void change(Config.Greeting config) {
        binding.change(config);
    }

    /** The loops that accept its connections. */
    EventExecutorGroup acceptors() {
        VertxInternal loops = (VertxInternal) vertx;
        return binding.config().instances() > 1 ? loops.acceptorEventLoopGroup() : loops.nettyEventLoopGroup();
    }

    int port() {
        return binding.port();
    }

    void startLedger() {
        ledgerDeployment = vertx.deployVerticle(new LedgerVerticle(ledger)).await();
    }

    void stopLedger() {
        vertx.undeploy(ledgerDeployment).await();
    }

    /** Starts the drain. */
    Future<Void> undeploy() {
        return vertx.undeploy(deployment);
    }

    Stats.Tally tally() {
        return vertx.eventBus()
                .<JsonObject>request("greeter.stats", null)
                .map(reply -> Stats.fromJson(reply.body()).totals().greeting())
                .await();
    }

    /** How many are open, as the ledger was told. */
    long connections() {
        return vertx.eventBus()
                .<JsonObject>request("greeter.stats", null)
                .map(reply -> Stats.fromJson(reply.body()).nodes().get(0).connections())
                .await();
    }

    void awaitTally(long answered, long refused, long failed) {
        await().untilAsserted(() -> assertThat(tally()).isEqualTo(new Stats.Tally(answered, refused, failed)));
    }

    /** The exchanges so far, oldest first. */
    List<Exchange> exchanges() {
        List<Exchange> exchanges = new ArrayList<>(ledger.recent(1_000));
        Collections.reverse(exchanges);
        return exchanges;
    }

    /**
     * Until the peers that never read are stuck: some of theirs is answered, and nothing more, though the server is seen to
     * be at work between one look and the next.
     */
    void awaitStuck() {
        AtomicLong last = new AtomicLong();
        AtomicInteger unchanged = new AtomicInteger();
        AtomicInteger looks = new AtomicInteger();
        await().pollInterval(Duration.ofMillis(200))
                .atMost(Duration.ofSeconds(50))
                .until(() -> {
                    try (RawClient look = new RawClient(port())) {
                        assertThat(look.send("Hello").rest()).isEqualTo("World");
                    }
                    long others = tally().answered() - looks.incrementAndGet();
                    boolean same = last.getAndSet(others) == others && others > 0;
                    unchanged.set(same ? unchanged.get() + 1 : 0);
                    return unchanged.get() == 8;
                });
    }

    /** The octets of the server in an example of the specification. */
    static String said(String example) {
        return WireExample.text(WireExample.load(example).said(false));
    }

    @Override
    public void close() {
        // a ledger outlives what it counts
        if (vertx.deploymentIDs().contains(deployment)) {
            vertx.undeploy(deployment).await();
        }
        vertx.close().await();
    }
}
