package dev.greeter.process.cluster;

import static dev.greeter.testing.ClusterNodes.answered;
import static dev.greeter.testing.ClusterNodes.live;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.example.StatsOfCluster;
import dev.greeter.testing.ClusterNodes;
import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who asks three nodes, one of them or all, is answered and told, also while a fourth goes without a word. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterQueriesIT {
    /** It is missed after 10 s, and then looked for every 10 s, by connections that it takes and says nothing on. */
    private static final Duration ONE_THAT_IS_MISSED_IS_LOOKED_FOR = Duration.ofSeconds(26);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private ClusterNodes cluster;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        cluster = new ClusterNodes(
                folder, List.of("a", "b", "c", "d"), "exchangeLog.maxPerSecond=0", "bridge.maxMessagesPerSecond=1000");
        cluster.start("a", "b", "c");
        awaitThree();
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    /** From before it dies until all know, whoever is asked, and by whatever way. */
    @Test
    void answersEachQueryWhileANodeDies() throws Exception {
        answersEachQueryWhile(() -> {
            cluster.gone("d").signal("KILL");
            awaitThree();
        });
    }

    /** The same, with one that is there and does not answer. */
    @Test
    void answersEachQueryWhileANodeStandsStill() throws Exception {
        answersEachQueryWhile(() -> {
            cluster.gone("d").signal("STOP");
            long since = System.nanoTime();
            awaitThree();
            await().atMost(ONE_THAT_IS_MISSED_IS_LOOKED_FOR.multipliedBy(2))
                    .until(() -> System.nanoTime() - since > ONE_THAT_IS_MISSED_IS_LOOKED_FOR.toNanos());
            assertNoThreadSpins("a", "b", "c");
        });
    }

    private interface Trouble {
        void happen() throws Exception;
    }

    private void answersEachQueryWhile(Trouble trouble) throws Exception {
        GreeterProcess fourth = startFourth();
        try (fourth;
                StatsQueries queries = new StatsQueries()) {
            for (String name : List.of("a", "b", "c")) {
                int port = cluster.node(name).httpPort();
                queries.http(port).bridge(port);
            }
            queries.eventBus(cluster.members()).awaitAnswers();
            trouble.happen();
            queries.awaitAnswers();
            fourth.close();
            queries.awaitAnswers();
            queries.assertAllAnswered();
        }
    }

    private GreeterProcess startFourth() throws IOException {
        cluster.start("d");
        cluster.awaitEach((name, stats) -> assertThat(live(stats)).as(name).containsExactly("a", "b", "c", "d"));
        return cluster.node("d");
    }

    private void awaitThree() {
        cluster.awaitEach((name, stats) -> assertThat(live(stats)).as(name).containsExactly("a", "b", "c"));
    }

    /** None of those that keep the cluster together, while there is little to do. */
    private void assertNoThreadSpins(String... names) throws IOException {
        Duration time = Duration.ofSeconds(4);
        List<Map<String, Duration>> before = new ArrayList<>();
        for (String name : names) {
            before.add(cluster.node(name).proc().threads());
        }
        await().pollDelay(time).until(() -> true);
        for (int i = 0; i < names.length; i++) {
            Map<String, Duration> then = before.get(i);
            cluster.node(names[i]).proc().threads().forEach((thread, now) -> {
                Duration had = now.minus(then.getOrDefault(thread, Duration.ZERO));
                if (thread.startsWith("hz.")) {
                    assertThat(had).as("what %s had of %s", thread, time).isLessThan(time.dividedBy(4));
                }
            });
            assertThat(then.keySet()).anyMatch(thread -> thread.startsWith("hz."));
        }
    }

    @Test
    void publishesUpdatesOnceForAll() throws Exception {
        awaitThree();
        try (StatsQueries queries = new StatsQueries()) {
            List<Queue<JsonObject>> updates = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                updates.add(queries.updates(cluster.node(name).httpPort()));
            }
            await().atMost(PATIENCE).until(() -> updates.stream().allMatch(each -> each.size() >= 5));
            assertThat(updates).allSatisfy(each -> {
                assertThat(each)
                        .extracting(update -> update.getString("scope") + " by " + update.getString("node"))
                        .containsOnly("cluster by a");
                assertThat(each).extracting(update -> update.getString("at")).doesNotHaveDuplicates();
            });
        }
    }

    @Test
    void answersAnyProgramOnItsEventBus() throws Exception {
        awaitThree();
        GreeterProcess node = cluster.node("c");
        for (int i = 0; i < 3; i++) {
            node.get(node.httpPort(), "/");
        }
        try (StatsOfCluster program = StatsOfCluster.join(cluster.members())) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonObject stats = program.ask().await();
                assertThat(answered(stats, "http")).isEqualTo(3);
                assertThat(live(stats)).containsExactly("a", "b", "c");
            });
        }
    }
}
