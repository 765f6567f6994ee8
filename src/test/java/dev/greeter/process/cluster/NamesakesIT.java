package dev.greeter.process.cluster;

import static dev.greeter.testing.ClusterNodes.answered;
import static dev.greeter.testing.ClusterNodes.isPartial;
import static dev.greeter.testing.ClusterNodes.rows;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.ClusterNodes;
import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that were given one name, as by an environment that replicas share. */
@Timeout(240)
class NamesakesIT {
    private static final String WARNING = "another node of the cluster has the name of this one; set node.name of each";

    @Test
    void countEachForItselfAndMissTheOneThatIsKilled(@TempDir Path folder) throws Exception {
        try (ClusterNodes cluster = new ClusterNodes(folder, List.of("a", "b"), "node.name=twin")) {
            cluster.start("a", "b");
            cluster.awaitLive("twin", "twin");
            GreeterProcess survivor = cluster.node("a");
            GreeterProcess killed = cluster.gone("b");
            greet(survivor, 3);
            greet(killed, 5);
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() ->
                            assertThat(answered(survivor.stats(), "greeting")).isEqualTo(8));
            for (GreeterProcess node : List.of(survivor, killed)) {
                await().untilAsserted(() -> assertThat(warnings(node)).isEqualTo(1));
            }
            greet(killed, 2);
            killed.signal("KILL");

            await().atMost(Duration.ofMinutes(1)).until(() -> isPartial(survivor.stats()));
            JsonObject stats = survivor.stats();
            assertThat(answered(stats, "greeting")).isBetween(8L, 10L);
            assertThat(rows(stats))
                    .allMatch(row -> row.getString("node").equals("twin"))
                    .extracting(row -> row.getBoolean("live"))
                    .containsExactlyInAnyOrder(true, false);
            assertThat(rows(stats).stream()
                            .mapToLong(row -> answered(row, "greeting"))
                            .sum())
                    .isEqualTo(answered(stats, "greeting"));
            assertThat(warnings(survivor)).isEqualTo(1);
        }
    }

    private static long warnings(GreeterProcess node) throws Exception {
        return node.lines().stream()
                .filter(line -> WARNING.equals(line.getString("message")))
                .peek(line -> assertThat(line.getString("level")).isEqualTo("WARN"))
                .count();
    }

    private static void greet(GreeterProcess node, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.greetingPort())) {
                socket.getOutputStream().write("Hello".getBytes(ISO_8859_1));
                assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                        .startsWith("World");
            }
        }
    }
}
