package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.Balancer;
import dev.greeter.testing.Fleet;
import dev.greeter.testing.GreetingLoad;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes behind a balancer, under load, each restarted in turn; RolloutsIT has those of Kubernetes, and many of them. */
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
