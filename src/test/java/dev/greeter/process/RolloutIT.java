package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.Balancer;
import dev.greeter.testing.Fleet;
import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.GreetingLoad;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes behind a balancer, under load, each restarted in turn: what a rollout in Kubernetes does. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RolloutIT {
    private static final int NODES = 2;

    /** Rollouts; more with {@code -Dgreeter.repeat}, as what is rare shows then. */
    private static final int REPEAT = Integer.getInteger("greeter.repeat", 1);

    /** Several times what the balancer takes, as this machine may be busy. */
    private static final Duration DELAY = Balancer.TAKES_OUT_WITHIN.multipliedBy(5);

    @TempDir
    Path folder;

    @Test
    void losesNothingAndCountsNothingTwice() throws Exception {
        try (Fleet fleet = Fleet.start(folder, NODES, "shutdown.delay=" + DELAY.toMillis() + "ms");
                GreetingLoad load = load(fleet.balancer())) {
            for (int rollout = 1; rollout <= REPEAT; rollout++) {
                fleet.roll();
                load.awaitProgress();
                assertThat(load.turnedAway)
                        .as("turned away by rollout " + rollout)
                        .isEmpty();
                assertThat(load.lost).as("lost by rollout " + rollout).isEmpty();
            }
            load.stop();
            fleet.stopAll();
            assertThat(load.turnedAway).isEmpty();
            assertThat(load.lost).isEmpty();
            assertThat(fleet.balancer().notHandedOver()).isZero();
            assertThat(fleet.counted("greeting.answered"))
                    .as("greetings counted, of those that clients read")
                    .isEqualTo(load.greeted());
            assertThat(fleet.counted("http.answered"))
                    .as("pages counted, of those that clients read")
                    .isEqualTo(load.got());
            assertThat(fleet.counted("cut")).isZero();
            assertThat(fleet.exitCodes()).hasSize(NODES * (REPEAT + 1)).containsOnly(0);
        }
    }

    /** The probe is the client, and compares with what the nodes that are there at the end say of all that there ever were. */
    @Test
    void keepsTheCountsOfNodesThatAreGone() throws Exception {
        try (Fleet fleet = Fleet.startCluster(folder, NODES, "shutdown.delay=" + DELAY.toMillis() + "ms");
                GreeterProcess probe = GreeterProcess.run(folder, probe(fleet.balancer()))) {
            for (int rollout = 1; rollout <= REPEAT; rollout++) {
                fleet.roll();
            }
            probe.signal("TERM");
            assertThat(probe.exitCode()).as(probe.output()).isZero();
            assertThat(probe.output())
                    .containsPattern("reconciled greeting: .*: exact")
                    .containsPattern("reconciled http: .*: exact")
                    .contains("lost 0 of");
            long greeted = answered(fleet, 0, "greeting");
            assertThat(greeted).isPositive().isEqualTo(answered(fleet, 1, "greeting"));
            long got = answered(fleet, 0, "http");
            assertThat(got).isPositive().isEqualTo(answered(fleet, 1, "http"));
            fleet.stopAll();
            assertThat(fleet.counted("greeting.answered")).isEqualTo(greeted);
            assertThat(fleet.counted("http.answered")).isEqualTo(got);
            assertThat(fleet.exitCodes()).hasSize(NODES * (REPEAT + 1)).containsOnly(0);
        }
    }

    private static List<String> probe(Balancer balancer) {
        String greeting = "127.0.0.1:" + balancer.greetingPort();
        String http = "http://127.0.0.1:" + balancer.httpPort();
        return List.of(
                "probe",
                "--rate",
                "100",
                "--duration",
                "60m",
                "--max-lost",
                "0",
                "--verify",
                http,
                greeting,
                http + "/");
    }

    private static long answered(Fleet fleet, int number, String protocol) throws Exception {
        return ((Number) fleet.node(number).totals(protocol).get("answered")).longValue();
    }

    /** Without a delay that is longer than the balancer takes to notice, the test above fails. */
    @Test
    void losesNewConnectionsOfANodeThatDoesNotWait() throws Exception {
        try (Fleet fleet = Fleet.start(folder, NODES, "shutdown.delay=0s");
                GreetingLoad load = load(fleet.balancer())) {
            fleet.balancer().askNoMore(0);
            fleet.stop(0);
            // which the balancer closes in order, because it has accepted them
            await().until(() -> !load.unanswered.isEmpty());
            load.stop();
            assertThat(fleet.balancer().notHandedOver()).isPositive();
        }
    }

    /** Without the drain the test above fails. */
    @Test
    void losesExchangesOfANodeThatDoesNotDrain() throws Exception {
        try (Fleet fleet = Fleet.start(folder, NODES, "shutdown.delay=60s");
                GreetingLoad load = load(fleet.balancer())) {
            // so many that some are with that node
            load.sessions(16, fleet.balancer().greetingPort()).awaitProgress();
            fleet.node(0).signal("TERM");
            fleet.balancer().awaitOut(0);
            fleet.node(0).signal("KILL");
            load.awaitProgress();
            load.stop();
            assertThat(load.lost).isNotEmpty();
        }
    }

    private static GreetingLoad load(Balancer balancer) {
        GreetingLoad load = new GreetingLoad();
        load.oneShot(2, balancer.greetingPort())
                .sessions(2, balancer.greetingPort())
                .pages(2, balancer.httpPort())
                .pagesKeptAlive(2, balancer.httpPort());
        load.awaitProgress();
        return load;
    }
}
