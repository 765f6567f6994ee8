package dev.greeter.process.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.ClusterNodes;
import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.GreetingLoad;
import dev.greeter.testing.Machine;
import dev.greeter.testing.RawClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose clocks are set while they serve, by libfaketime. Nothing but timestamps may change. */
@Timeout(600)
class ClockIT {
    private static final List<String> NODES = List.of("a", "b");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Far more than a latency, and than what a clock that is right may differ by. */
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final double MOST_A_SECOND = 10_000;

    /** Longer than the nodes' heartbeats, by which they find each other alive. */
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);

    private static final String TOKEN = "open-sesame";
    private static final String GET = "GET / HTTP/1.1\r\nhost: greeter\r\n\r\n";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void changeTimestampsAndNothingElse() throws Exception {
        String library = library();
        try (ClusterNodes cluster = new ClusterNodes(
                folder,
                NODES,
                "greeting.handshakeTimeout=" + HANDSHAKE_TIMEOUT.toSeconds() + "s",
                "greeting.idleTimeout=10m",
                "http.idleTimeout=10m",
                "exchangeLog.maxPerSecond=5",
                "faults.token=" + TOKEN,
                // what the cluster manager logs, too
                "log.level=debug")) {
            for (String name : NODES) {
                set(name, Duration.ZERO);
                cluster.start(environment(library, name), name);
            }
            cluster.awaitLive("a", "b");
            long greetings = 0;
            long pages = 0;
            try (GreetingLoad load = new GreetingLoad(Duration.ofMillis(5))) {
                for (String name : NODES) {
                    GreeterProcess node = cluster.node(name);
                    load.oneShot(1, node.greetingPort())
                            .sessions(1, node.greetingPort())
                            .pages(1, node.httpPort())
                            .pagesKeptAlive(1, node.httpPort());
                }
                load.awaitProgress();
                // the oldest member, which is the cluster's master, and another one
                for (Map.Entry<String, Duration> next :
                        List.of(Map.entry("a", HOUR), Map.entry("b", HOUR.negated()), Map.entry("a", Duration.ZERO))) {
                    serveWhileSet(cluster, next.getKey(), next.getValue());
                    greetings += 2;
                    pages += 2;
                    load.awaitProgress();
                    cluster.awaitLive("a", "b");
                    cluster.awaitEach((name, stats) -> assertSane(stats));
                }
                load.stop();
                assertThat(load.lost).isEmpty();
                assertThat(load.unanswered).isEmpty();
                assertThat(load.turnedAway).isEmpty();
                cluster.awaitAnswered(load.greeted() + greetings, load.got() + pages);
            }
            for (String name : NODES) {
                GreeterProcess node = cluster.node(name);
                assertThat(node.output())
                        .as("the cluster manager noticed, and suspected nobody")
                        .contains("because of huge system clock jump")
                        .doesNotContain("Suspecting ")
                        .doesNotContain("\"level\":\"ERROR\"");
                node.signal("TERM");
            }
            for (String name : NODES) {
                assertThat(cluster.node(name).exitCode()).isZero();
            }
        }
    }

    /** Sets one node's clock while it has clients of every kind: two greetings and two pages. */
    private void serveWhileSet(ClusterNodes cluster, String name, Duration ahead) throws Exception {
        GreeterProcess node = cluster.node(name);
        try (RawClient session = new RawClient(node.greetingPort()).send("GREETING/2\nHello\n");
                RawClient kept = new RawClient(node.httpPort())) {
            assertThat(session.octets("GREETING/2\nWorld\n".length())).isEqualTo("GREETING/2\nWorld\n");
            assertThat(page(kept)).contains("<h1>Hello, World!</h1>");
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> statusOfFaults(node, "wrong") == 429);
            long since = System.nanoTime();
            RawClient unfinished = new RawClient(node.greetingPort()).send("Hel");
            set(name, ahead);
            awaitClock(node, ahead);
            long logged = exchangesLogged(node);
            // by the wall clock they have been silent for an hour, or will be for one more
            assertThat(unfinished.toEnd()).startsWith("Error timeout");
            assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThanOrEqualTo(HANDSHAKE_TIMEOUT);
            assertThat(session.send("Hello\n").octets("World\n".length())).isEqualTo("World\n");
            assertThat(page(kept)).contains("<h1>Hello, World!</h1>");
            await().atMost(PATIENCE).until(() -> statusOfFaults(node, TOKEN) == 200);
            await().atMost(PATIENCE).until(() -> exchangesLogged(node) > logged);
            for (String path : List.of("/livez", "/readyz")) {
                await().atMost(PATIENCE)
                        .until(() -> node.get(node.managementPort(), path).statusCode() == 200);
            }
        }
    }

    private static String page(RawClient client) {
        Matcher length = Pattern.compile("content-length: (\\d+)")
                .matcher(client.send(GET).head());
        assertThat(length.find()).isTrue();
        return client.octets(Integer.parseInt(length.group(1)));
    }

    private static void assertSane(JsonObject stats) {
        for (String protocol : List.of("greeting", "http")) {
            assertThat(stats.getJsonObject("rates").getJsonObject(protocol).getMap())
                    .as("rates of " + protocol)
                    .allSatisfy((window, rate) -> assertThat(((Number) rate).doubleValue())
                            .isPositive()
                            .isLessThan(MOST_A_SECOND));
            assertThat(stats.getJsonObject("latency").getJsonObject(protocol).getMap())
                    .as("latencies of " + protocol)
                    .allSatisfy((percentile, micros) ->
                            assertThat(((Number) micros).longValue()).isBetween(1L, MINUTE.toNanos() / 1_000));
        }
    }

    private int statusOfFaults(GreeterProcess node, String token) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.managementPort() + "/faults"))
                                .header("authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static long exchangesLogged(GreeterProcess node) throws IOException {
        return node.lines().stream()
                .filter(line -> "exchange".equals(line.getString("message")))
                .count();
    }

    private Path offset(String name) {
        return folder.resolve("clock-" + name);
    }

    private void set(String name, Duration ahead) throws IOException {
        Path whole = Files.writeString(folder.resolve("clock.new"), "%+d\n".formatted(ahead.toSeconds()));
        Files.move(whole, offset(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Waits until the node's own stats have the time that was set: otherwise nothing is tested. */
    private static void awaitClock(GreeterProcess node, Duration ahead) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Instant at = Instant.parse(node.stats().getString("at"));
            assertThat(Duration.between(Instant.now().plus(ahead), at).abs()).isLessThan(MINUTE);
        });
    }

    /** As a clock that is set: what measures durations goes on, and files keep their times. */
    private Map<String, String> environment(String library, String name) {
        return Map.of(
                "LD_PRELOAD",
                library,
                "FAKETIME_TIMESTAMP_FILE",
                offset(name).toString(),
                // the file is read once a second
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                // or a thread of the JVM that waits with a timeout does not wait
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0",
                "NO_FAKE_STAT",
                "1");
    }

    private static String library() throws IOException {
        try (Stream<Path> machines = Files.list(Path.of("/usr/lib"))) {
            List<Path> found = machines.map(machine -> machine.resolve("faketime/libfaketimeMT.so.1"))
                    .filter(Files::exists)
                    .toList();
            Machine.needs(!found.isEmpty(), "libfaketime");
            return found.get(0).toString();
        }
    }
}
