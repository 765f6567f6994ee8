package dev.greeter.process.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.example.StatsOfCluster;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Asks a cluster for its stats, again and again, in several ways at once, and keeps each query that failed. */
final class StatsQueries implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(80);

    /** The bridge closes a connection that is silent for ten seconds. */
    private static final Duration PING = Duration.ofSeconds(5);

    /** Longer than all tries of the program, and shorter than the default of an event bus. */
    private static final Duration LIMIT = Duration.ofSeconds(25);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = vertx.createHttpClient();
    private final WebSocketClient webSockets = vertx.createWebSocketClient();
    private final List<Way> ways = new ArrayList<>();
    private final List<StatsOfCluster> programs = new ArrayList<>();

    StatsQueries http(int port) {
        return every(
                "http " + port,
                () -> http.request(HttpMethod.GET, port, "127.0.0.1", "/stats")
                        .compose(request -> request.send())
                        .compose(response -> response.body())
                        .map(body -> body.toJsonObject()));
    }

    /** Asks at both addresses through this node's bridge. */
    StatsQueries bridge(int port) {
        WebSocket socket = connect(port);
        Map<String, Promise<Object>> asked = new ConcurrentHashMap<>();
        socket.binaryMessageHandler(text -> {
            JsonObject message = text.toJsonObject();
            Promise<Object> answer = asked.remove(message.getString("address"));
            if (message.getString("type").equals("rec")) {
                answer.complete(message.getValue("body"));
            } else {
                answer.fail(message.encode());
            }
        });
        AtomicLong number = new AtomicLong();
        for (String address : List.of("greeter.stats", "greeter.exchanges.recent")) {
            every("bridge " + port + " " + address, () -> {
                String reply = Long.toString(number.incrementAndGet());
                Promise<Object> answer = Promise.promise();
                asked.put(reply, answer);
                return socket.writeTextMessage(new JsonObject()
                                .put("type", "send")
                                .put("address", address)
                                .put("replyAddress", reply)
                                .put("body", new JsonObject())
                                .encode())
                        .compose(sent -> answer.future());
            });
        }
        return this;
    }

    /** The updates that this node's bridge sends from now on. */
    Queue<JsonObject> updates(int port) {
        WebSocket socket = connect(port);
        Queue<JsonObject> updates = new ConcurrentLinkedQueue<>();
        socket.binaryMessageHandler(text -> updates.add(text.toJsonObject().getJsonObject("body")));
        socket.writeTextMessage("{\"type\":\"register\",\"address\":\"greeter.stats.updates\"}")
                .await();
        return updates;
    }

    private WebSocket connect(int port) {
        WebSocket socket =
                webSockets.connect(port, "127.0.0.1", "/eventbus/websocket").await();
        vertx.setPeriodic(PING.toMillis(), tick -> socket.writeTextMessage("{\"type\":\"ping\"}"));
        return socket;
    }

    StatsQueries eventBus(String members) {
        StatsOfCluster program = StatsOfCluster.join(members);
        programs.add(program);
        return every("event bus", program::ask);
    }

    private interface Ask {
        Future<?> ask();
    }

    /** @param open the queries without an answer so far, by the time that each was sent */
    private record Way(String name, AtomicLong answered, List<String> unanswered, Set<Long> open) {
        void ask(Ask ask) {
            long start = System.nanoTime();
            open.add(start);
            ask.ask().onComplete(answer -> {
                open.remove(start);
                Duration took = Duration.ofNanos(System.nanoTime() - start);
                if (answer.failed() || took.compareTo(LIMIT) > 0) {
                    unanswered.add(name + " after " + took + ": " + answer.cause());
                } else {
                    answered.incrementAndGet();
                }
            });
        }
    }

    private StatsQueries every(String name, Ask ask) {
        Way way = new Way(name, new AtomicLong(), new CopyOnWriteArrayList<>(), ConcurrentHashMap.newKeySet());
        ways.add(way);
        vertx.runOnContext(start -> again(way, ask));
        return this;
    }

    /** Does not make up for what a busy machine left out, as a periodic timer would. */
    private void again(Way way, Ask ask) {
        vertx.setTimer(INTERVAL.toMillis(), tick -> again(way, ask));
        way.ask(ask);
    }

    /** Waits until each query so far has an answer, or failed, and each way has brought some more. */
    void awaitAnswers() {
        long now = System.nanoTime();
        Map<Way, Long> enough = new HashMap<>();
        ways.forEach(way -> enough.put(way, way.answered.get() + 20));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(enough).allSatisfy((way, count) -> {
                    assertThat(way.answered.get())
                            .as("answers by %s; without one: %s", way.name, way.unanswered)
                            .isGreaterThanOrEqualTo(count);
                    assertThat(way.open).as("sent by %s", way.name).allMatch(sent -> sent - now > 0);
                }));
    }

    void assertAllAnswered() {
        assertThat(ways).flatExtracting(Way::unanswered).isEmpty();
    }

    @Override
    public void close() {
        vertx.close().await();
        programs.forEach(StatsOfCluster::close);
    }
}
