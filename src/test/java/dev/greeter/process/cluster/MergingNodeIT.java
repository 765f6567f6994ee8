package dev.greeter.process.cluster;

import static dev.greeter.testing.ClusterNodes.answered;
import static dev.greeter.testing.ClusterNodes.isPartial;
import static dev.greeter.testing.ClusterNodes.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.ClusterNodes;
import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.GreetingLoad;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The first node by name merges what all of three count; then it is killed, and the next one too. */
@Timeout(300)
class MergingNodeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void isFollowedByTheNextWhenItIsKilled(@TempDir Path folder) throws Exception {
        try (ClusterNodes cluster = new ClusterNodes(folder, List.of("a", "b", "c"), "exchangeLog.maxPerSecond=0")) {
            for (String name : List.of("a", "b", "c")) {
                cluster.start(name);
            }
            cluster.awaitLive("a", "b", "c");
            Totals totals = new Totals(cluster);
            totals.grow("a", "b", "c");

            try (StatsQueries queries = new StatsQueries()) {
                Queue<JsonObject> updates = queries.updates(cluster.node("c").httpPort());
                awaitUpdatesBy("a", updates);
                cluster.gone("a").signal("KILL");
                totals.grow("b", "c");
                awaitUpdatesBy("b", updates);
                cluster.awaitNames("b", "c");

                cluster.gone("b").signal("KILL");
                totals.grow("c");
                awaitUpdatesBy("c", updates);
                cluster.awaitNames("c");
            }
            JsonObject stats = cluster.stats();
            assertThat(isPartial(stats)).isTrue();
            assertThat(rows(stats).stream().mapToLong(row -> answered(row, "greeting")))
                    .hasSize(3)
                    .allMatch(count -> count > 0);
        }
    }

    private static void awaitUpdatesBy(String node, Queue<JsonObject> updates) {
        updates.clear();
        await().atMost(PATIENCE)
                .until(() -> updates.stream().anyMatch(update -> node.equals(update.getString("node"))));
    }

    /** The exchanges that clients made. */
    private static final class Totals {
        private final ClusterNodes cluster;
        private long greetings;
        private long pages;

        Totals(ClusterNodes cluster) {
            this.cluster = cluster;
        }

        /** Makes exchanges with these nodes, and waits until all nodes know of each. */
        void grow(String... names) throws Exception {
            try (GreetingLoad load = new GreetingLoad()) {
                for (String name : names) {
                    GreeterProcess node = cluster.node(name);
                    load.oneShot(1, node.greetingPort()).pagesKeptAlive(1, node.httpPort());
                }
                await().atMost(PATIENCE).until(() -> load.greeted() > 500 && load.got() > 500);
                load.stop();
                assertThat(load.lost).isEmpty();
                greetings += load.greeted();
                pages += load.got();
            }
            cluster.awaitAnswered(greetings, pages);
        }
    }
}
