package dev.greeter.process.endurance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.Fleet;
import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.RawClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a fleet in a soak, round by round. The first node lives through all of it; the others are also stopped and
 * replaced, and stand still for a moment.
 */
final class Disturbances {
    static final String TOKEN = "open-sesame";

    /** Each loses the exchange that it hits, and no other: a connection has one page under way at a time. */
    private static final List<String> LOSSY_FAULTS = List.of("refuse", "truncate", "close", "reset");

    private static final int IDLE_CONNECTIONS = 100;
    private static final int BRIDGE_CLIENTS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Fleet fleet;
    private final Path configuration;
    private final HttpClient http = HttpClient.newHttpClient();
    private int round;
    private long refused;
    private long deaf;

    /** @param configuration the file of all nodes */
    Disturbances(Fleet fleet, Path configuration) {
        this.fleet = fleet;
        this.configuration = configuration;
    }

    /** Greetings so far that were none. */
    long refused() {
        return refused;
    }

    /** Clients so far that read nothing. A line of theirs may be read in part when they go, which makes it one that is refused. */
    long deaf() {
        return deaf;
    }

    void round() throws Exception {
        round++;
        reconfigure();
        strangers();
        bridge();
        fault();
        standStill(1 + round % 2);
        fleet.replace(1 + (round + 1) % 2);
    }

    private GreeterProcess lasting() {
        return fleet.node(0);
    }

    /** Changes live keys, as an editor does. */
    private void reconfigure() throws IOException {
        int changes = changes();
        String text = round % 2 == 0
                ? "exchangeLog.maxPerSecond: 0\ngreeting.maxConnections: 900\nhttp.idleTimeout: 60s\n"
                : "exchangeLog.maxPerSecond: 3\ngreeting.maxConnections: 800\nhttp.idleTimeout: 50s\n";
        Path whole = Files.writeString(configuration.resolveSibling("new.yaml"), text);
        Files.move(whole, configuration, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(PATIENCE).until(() -> changes() > changes);
    }

    private int changes() throws IOException {
        return lasting().output().split("\"configuration changed\"", -1).length;
    }

    /** Clients of all kinds but those that make exchanges. */
    private void strangers() throws Exception {
        int port = lasting().greetingPort();
        for (String wrong : List.of("Howdy\n", "GREETING/9\n", "x".repeat(300) + "\n", "GREETING/2\nHullo\n")) {
            try (RawClient client = new RawClient(port)) {
                assertThat(client.send(wrong).toEnd()).contains("Error ");
                refused++;
            }
        }
        try (RawClient half = new RawClient(port)) {
            assertThat(half.send("Hel").halfClose().toEnd()).startsWith("Error ");
            refused++;
        }
        List<RawClient> idle = new ArrayList<>();
        for (int i = 0; i < IDLE_CONNECTIONS; i++) {
            idle.add(new RawClient(i % 2 == 0 ? port : lasting().httpPort()));
        }
        RawClient unread = new RawClient(port, 4_096).send("GREETING/2\n" + "Who\n".repeat(10_000));
        deaf++;
        for (String path : List.of("/stats", "/exchanges?limit=100", "/dashboard", "/openapi.yaml")) {
            assertThat(lasting().get(lasting().httpPort(), path).statusCode()).isEqualTo(200);
        }
        assertThat(lasting().get(lasting().httpPort(), "/nowhere").statusCode()).isEqualTo(404);
        assertThat(lasting().get(lasting().managementPort(), "/metrics").statusCode())
                .isEqualTo(200);
        unread.reset();
        idle.forEach(RawClient::close);
    }

    private void bridge() throws Exception {
        List<WebSocket> sockets = new ArrayList<>();
        for (int i = 0; i < BRIDGE_CLIENTS; i++) {
            CompletableFuture<String> update = new CompletableFuture<>();
            WebSocket socket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + lasting().httpPort() + "/eventbus/websocket"),
                            new FirstMessage(update))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            sockets.add(socket);
            socket.sendText("{\"type\":\"register\",\"address\":\"greeter.stats.updates\"}", true)
                    .join();
            assertThat(update.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).contains("\"totals\"");
        }
        for (WebSocket socket : sockets) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        }
    }

    private record FirstMessage(CompletableFuture<String> message) implements WebSocket.Listener {
        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            message.complete(UTF_8.decode(data).toString());
            socket.request(1);
            return null;
        }
    }

    /** Spoils pages, and delays greetings, for a second. */
    private void fault() throws IOException, InterruptedException {
        String lossy = LOSSY_FAULTS.get(round % LOSSY_FAULTS.size());
        for (String fault : List.of(
                "{\"protocol\":\"http\",\"kind\":\"" + lossy + "\",\"percent\":30,\"for\":\"1s\"}",
                "{\"protocol\":\"http\",\"kind\":\"delay\",\"percent\":30,\"for\":\"1s\",\"delay\":\"100ms\"}",
                "{\"protocol\":\"greeting\",\"kind\":\"delay\",\"percent\":30,\"for\":\"1s\",\"delay\":\"100ms\"}")) {
            assertThat(faults(HttpRequest.BodyPublishers.ofString(fault), "POST")
                            .statusCode())
                    .isEqualTo(201);
        }
        await().atMost(PATIENCE)
                .until(() -> new JsonArray(faults(HttpRequest.BodyPublishers.noBody(), "GET")
                                .body())
                        .isEmpty());
    }

    private HttpResponse<String> faults(HttpRequest.BodyPublisher body, String method)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + lasting().managementPort() + "/faults"))
                        .header("authorization", "Bearer " + TOKEN)
                        .method(method, body)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The number of pages that faults of these kinds have spoiled, by the log, which has each fault once it is over. */
    long injected(List<String> kinds) throws IOException {
        return lasting().lines().stream()
                .filter(line -> "fault over".equals(line.getString("message"))
                        && "http".equals(line.getString("server"))
                        && kinds.contains(line.getString("kind")))
                .mapToLong((JsonObject line) -> line.getLong("injected"))
                .sum();
    }

    /** Longer than its event loops may, shorter than its clients wait. */
    private void standStill(int number) throws IOException, InterruptedException {
        GreeterProcess node = fleet.node(number);
        node.signal("STOP");
        await().pollDelay(PAUSE).until(() -> true);
        node.signal("CONT");
    }
}
