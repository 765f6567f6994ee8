package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes behind a balancer, under load, each restarted in turn: what a rollout in Kubernetes does. */
@Timeout(600)
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
                Load load = load(fleet.balancer())) {
            for (int rollout = 1; rollout <= REPEAT; rollout++) {
                fleet.roll();
                awaitProgress(load);
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

    /** Without the delay the test above fails. */
    @Test
    void losesNewConnectionsOfANodeThatDoesNotWait() throws Exception {
        try (Fleet fleet = Fleet.start(folder, NODES, "shutdown.delay=0s");
                Load load = load(fleet.balancer())) {
            fleet.stop(0);
            load.stop();
            assertThat(load.turnedAway).isNotEmpty();
            assertThat(fleet.balancer().notHandedOver()).isPositive();
        }
    }

    /** Without the drain the test above fails. */
    @Test
    void losesExchangesOfANodeThatDoesNotDrain() throws Exception {
        try (Fleet fleet = Fleet.start(folder, NODES, "shutdown.delay=60s");
                Load load = load(fleet.balancer())) {
            fleet.node(0).signal("TERM");
            fleet.balancer().awaitStatus(0, "DOWN");
            fleet.node(0).signal("KILL");
            awaitProgress(load);
            load.stop();
            assertThat(load.lost).isNotEmpty();
        }
    }

    private static Load load(Balancer balancer) {
        Load load = new Load();
        load.oneShot(2, balancer.greetingPort())
                .sessions(2, balancer.greetingPort())
                .pages(2, balancer.httpPort())
                .pagesKeptAlive(2, balancer.httpPort());
        awaitProgress(load);
        return load;
    }

    /** Waits until clients of all forms have got answers anew. */
    private static void awaitProgress(Load load) {
        for (Load.Form form : Load.Form.values()) {
            long before = load.answeredIn(form);
            await().until(() -> load.answeredIn(form) > before + 100);
        }
    }
}
