package dev.greeter.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Nodes of one cluster on the loopback, each a process with its own ports. */
public final class ClusterNodes implements AutoCloseable {
    /** On a busy machine, a cluster whose oldest member stands still takes some tens of seconds to choose the next. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String HOST = "127.0.0.1";

    private final Path folder;
    private final List<String> settings;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, GreeterProcess> nodes = new LinkedHashMap<>();
    private final List<GreeterProcess> started = new ArrayList<>();

    /** @param names of all nodes that the test may start */
    public ClusterNodes(Path folder, List<String> names, String... settings) {
        this.folder = folder;
        this.settings = List.of(settings);
        names.forEach(name -> ports.put(name, Machine.freePort()));
    }

    /** The addresses at which they find each other, as {@code cluster.members} has them. */
    public String members() {
        return String.join(
                ",", ports.values().stream().map(port -> HOST + ":" + port).toList());
    }

    /** Starts them all at once, and waits until they are ready. */
    public void start(String... names) throws IOException {
        start(Map.of(), names);
    }

    /** Does the same in an environment that has these variables too. */
    public void start(Map<String, String> environment, String... names) throws IOException {
        for (String name : names) {
            List<String> own = List.of(
                    "node.name=" + name,
                    "cluster.enabled=true",
                    "cluster.host=" + HOST,
                    "cluster.port=" + port(name),
                    "cluster.eventBusPort=0",
                    "cluster.members=" + members());
            GreeterProcess node = GreeterProcess.start(
                    folder,
                    List.of(),
                    environment,
                    Stream.concat(own.stream(), settings.stream()).toArray(String[]::new));
            started.add(node);
            nodes.put(name, node);
        }
        for (String name : names) {
            node(name).awaitReady();
        }
    }

    public int port(String name) {
        return Objects.requireNonNull(ports.get(name), name);
    }

    public GreeterProcess node(String name) {
        return Objects.requireNonNull(nodes.get(name), name);
    }

    /** Takes a node that is stopped or killed out of those that the checks ask, and returns it. */
    public GreeterProcess gone(String name) {
        return Objects.requireNonNull(nodes.remove(name), name);
    }

    /** Puts a node back among those that the checks ask. */
    public void back(String name, GreeterProcess node) {
        nodes.put(name, node);
    }

    /** Waits until every node reports these as live. */
    public void awaitNames(String... names) {
        awaitEach(
                (name, stats) -> assertThat(live(stats)).as(name + ": " + stats).containsExactly(names));
    }

    /** Waits until every node reports these as live and its stats as complete. */
    public void awaitLive(String... names) {
        awaitEach((name, stats) -> {
            assertThat(live(stats)).as(name + ": " + stats).containsExactly(names);
            assertThat(isPartial(stats)).as(name + ": " + stats).isFalse();
        });
    }

    /** Waits until every node reports these totals for the whole cluster. */
    public void awaitAnswered(long greetings, long pages) {
        awaitEach((name, stats) -> {
            assertThat(answered(stats, "greeting"))
                    .as("greetings, says " + name)
                    .isEqualTo(greetings);
            assertThat(answered(stats, "http")).as("pages, says " + name).isEqualTo(pages);
        });
    }

    public void awaitEach(Check check) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(250)).untilAsserted(() -> {
            for (Map.Entry<String, GreeterProcess> node : nodes.entrySet()) {
                check.check(node.getKey(), node.getValue().stats());
            }
        });
    }

    public interface Check {
        void check(String name, JsonObject stats);
    }

    /** The stats of the cluster, as the first node reports them. */
    public JsonObject stats() throws IOException, InterruptedException {
        return nodes.values().iterator().next().stats();
    }

    public static List<String> live(JsonObject stats) {
        return rows(stats).stream()
                .filter(row -> row.getBoolean("live"))
                .map(row -> row.getString("node"))
                .toList();
    }

    public static List<JsonObject> rows(JsonObject stats) {
        List<JsonObject> rows = new ArrayList<>();
        stats.getJsonArray("nodes").forEach(row -> rows.add((JsonObject) row));
        return rows;
    }

    public static boolean isPartial(JsonObject stats) {
        return stats.getBoolean("partial", false);
    }

    public static long answered(JsonObject stats, String protocol) {
        return stats.getJsonObject("totals").getJsonObject(protocol).getLong("answered");
    }

    @Override
    public void close() {
        started.forEach(GreeterProcess::close);
    }
}
