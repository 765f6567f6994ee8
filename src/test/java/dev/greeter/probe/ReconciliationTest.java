package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LocalCodec;
import dev.greeter.bus.Node;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import dev.greeter.config.Config;
import dev.greeter.faults.Faults;
import dev.greeter.greeting.GreetingBinding;
import dev.greeter.greeting.GreetingServerVerticle;
import dev.greeter.ledger.Ledger;
import dev.greeter.ledger.LedgerVerticle;
import dev.greeter.net.Grace;
import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.Progress;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.testing.Configs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the service's own server and ledger. */
class ReconciliationTest {
    private final Vertx vertx = Vertx.vertx();
    private int port;

    @BeforeEach
    void serve() {
        Config.Greeting config =
                Configs.greeting("127.0.0.1", 0, 1, 10_000, Duration.ofSeconds(30), Duration.ofSeconds(30));
        GreetingBinding listener = new GreetingBinding(config, null);
        LocalCodec.register(vertx.eventBus());
        vertx.deployVerticle(new LedgerVerticle(new Ledger(new Node("greeter-0", "host", "1", Instant.EPOCH), 0)))
                .await();
        vertx.deployVerticle(new GreetingServerVerticle(
                        listener, "greeter-0", new Faults("greeting"), new Grace(Duration.ofSeconds(1))))
                .await();
        port = listener.port();
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void confirmsEveryExchangeOfBothForms() {
        Report report = Probing.run(Probing.verified(plan(2_000, 4_000), this::stats));
        assertThat(report.reconciliation()).hasValueSatisfying(found -> {
            assertThat(found.lines())
                    .containsExactly(
                            new Reconciliation.Line(Protocol.GREETING, 8_000, 0, new Stats.Tally(8_000, 0, 0)));
            assertThat(found.lines().get(0).finding()).isEqualTo(Reconciliation.Finding.EXACT);
            assertThat(found.holds()).isTrue();
            assertThat(found.isShared()).isFalse();
        });
        assertThat(report.results().get(1).nodes())
                .singleElement()
                .returns("greeter-0", ScenarioResult.NodeShare::node)
                .returns(4_000L, ScenarioResult.NodeShare::answered);
    }

    @Test
    void doesNotCountTheWarmUp() {
        Plan plan = plan(500, 100);
        Plan warm = new Plan(
                plan.run(),
                plan.scenarios(),
                plan.load(),
                Duration.ofMillis(300),
                plan.connections(),
                plan.timeout(),
                plan.tls(),
                plan.warnExpiry(),
                plan.limits(),
                plan.stats());
        Report report = Probing.run(Probing.verified(warm, this::stats));
        assertThat(report.reconciliation().orElseThrow().lines())
                .containsExactly(new Reconciliation.Line(Protocol.GREETING, 200, 0, new Stats.Tally(200, 0, 0)));
    }

    @Test
    void saysWhenSomeoneElseUsesTheService() {
        Report report =
                Probing.run(Probing.verified(plan(500, 200), () -> greeted().compose(done -> stats())));
        Reconciliation found = report.reconciliation().orElseThrow();
        assertThat(found.isShared()).isTrue();
        assertThat(found.lines().get(0).finding()).isEqualTo(Reconciliation.Finding.OTHERS);
        assertThat(found.holds()).isTrue();
    }

    @Test
    void saysWhenTheServiceCountedLess() {
        Stats nothing = stats().await();
        Report report = Probing.run(Probing.verified(plan(500, 10), () -> Future.succeededFuture(nothing)));
        Reconciliation found = report.reconciliation().orElseThrow();
        assertThat(found.lines().get(0).difference()).isEqualTo(-20);
        assertThat(found.holds()).isFalse();
        assertThat(report.violations()).containsExactly("the service counted fewer exchanges than it answered");
    }

    /** A run with these readings of the counts, the last one again and again. */
    private Report verifiedBy(Stats... readings) {
        Iterator<Stats> next = List.of(readings).iterator();
        Stats[] last = new Stats[1];
        return Probing.run(Probing.verified(plan(500, 10), () -> {
            last[0] = next.hasNext() ? next.next() : last[0];
            return Future.succeededFuture(last[0]);
        }));
    }

    @Test
    void saysWhenTheServiceWasRestarted() {
        Stats counted = ofRun(100, Instant.EPOCH, 100);
        Report report = verifiedBy(counted, counted, ofRun(7, Instant.EPOCH.plusSeconds(60), 7));
        Reconciliation found = report.reconciliation().orElseThrow();
        assertThat(found.restarted()).containsExactly("greeter-0 at 1970-01-01T00:01:00Z");
        assertThat(found.isShared()).isFalse();
        assertThat(found.lines()).isEmpty();
        assertThat(report.violations())
                .containsExactly("not reconciled: the service was restarted during the run, and counts anew since"
                        + " (greeter-0 at 1970-01-01T00:01:00Z)");
    }

    @Test
    void saysWhenAnotherServiceAnswersAfterTheRun() {
        Stats counted = ofRun(100, Instant.EPOCH.minusSeconds(60), 100);
        Report report = verifiedBy(counted, counted, ofRun(90, Instant.EPOCH.minusSeconds(59), 90));
        Reconciliation found = report.reconciliation().orElseThrow();
        assertThat(found.restarted()).isEmpty();
        assertThat(found.lines()).isEmpty();
        assertThat(report.violations())
                .containsExactly("not reconciled: another service answered after the run than before it, with counts of"
                        + " its own (started: greeter-0 at 1969-12-31T23:59:01Z)");
    }

    @Test
    void isReconciledWithAClusterThatKeepsWhatARestartedNodeCounted() {
        Stats counted = ofRun(100, Instant.EPOCH, 100);
        Report report = verifiedBy(counted, counted, ofRun(120, Instant.EPOCH.plusSeconds(60), 7));
        assertThat(report.violations()).isEmpty();
        assertThat(report.reconciliation().orElseThrow().restarted()).isEmpty();
    }

    /** Counts of greetings: in all, and by the one node that is shown. */
    private static Stats ofRun(long total, Instant startedAt, long byNode) {
        PerProtocol<Stats.Tally> none = PerProtocol.of(protocol -> new Stats.Tally(0, 0, 0));
        return new Stats(
                Stats.Scope.CLUSTER,
                "greeter-0",
                Instant.EPOCH,
                greetings(total),
                none.map(tally -> new Stats.Rate(0, 0)),
                none.map(tally -> new Stats.Latency(0, 0, 0, 0)),
                List.of(new Stats.NodeShare(
                        new Node("greeter-0", "host", "1", startedAt), Stats.State.LIVE, 0, greetings(byNode))),
                false);
    }

    private static PerProtocol<Stats.Tally> greetings(long answered) {
        return PerProtocol.of(protocol -> new Stats.Tally(protocol == Protocol.GREETING ? answered : 0, 0, 0));
    }

    @Test
    void saysWhenTheCountsCannotBeRead() {
        Report report = Probing.run(Probing.verified(plan(500, 10), () -> Future.failedFuture("no route")));
        assertThat(report.violations()).containsExactly("not reconciled: no route");
        assertThat(report.answered()).isEqualTo(20);
    }

    @Test
    void keepsLittleOfWhatIsSaidInPlaceOfTheCounts() {
        Report report = Probing.run(Probing.verified(plan(500, 10), () -> Future.failedFuture("x".repeat(65_000))));
        assertThat(report.violations()).containsExactly("not reconciled: " + "x".repeat(300) + "...");
    }

    @Test
    void endsEarlyWithAFullReport() {
        Plan plan = plan(1_000, 1_000_000);
        Vertx own = Probe.vertx(2);
        Probe probe = Probing.probe(own, Probing.verified(plan, this::stats));
        Future<Report> running = probe.run();
        Awaitility.await()
                .until(() ->
                        probe.progress().await().stream().collect(Collectors.summingLong(Progress::answered)) > 200);
        probe.stop();
        Report report = running.await();
        assertThat(report.complete()).isFalse();
        assertThat(report.sent()).isEqualTo(report.answered()).isGreaterThan(200);
        assertThat(report.reconciliation().orElseThrow().lines().get(0).finding())
                .isEqualTo(Reconciliation.Finding.EXACT);
        own.close().await();
    }

    private Plan plan(double rate, long count) {
        Plan oneShots =
                Probing.plan(Mode.ONESHOT, Probing.greeting(port), Load.openCount(rate, count), 4, Probing.TIMEOUT);
        return new Plan(
                "test",
                List.of(oneShots.scenarios().get(0), new Scenario(Mode.SESSION, Probing.greeting(port))),
                oneShots.load(),
                Duration.ZERO,
                oneShots.connections(),
                oneShots.timeout(),
                oneShots.tls(),
                oneShots.warnExpiry(),
                Probing.NO_LIMITS,
                oneShots.stats());
    }

    private Future<Stats> stats() {
        return vertx.eventBus().<JsonObject>request(Addresses.STATS, null).map(reply -> Stats.fromJson(reply.body()));
    }

    /** Someone else's exchange. */
    private Future<Void> greeted() {
        return vertx.executeBlocking(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write("Hello".getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return null;
        });
    }
}
