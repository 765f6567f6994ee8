package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.client.connect.ClientTls;
import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Target;
import dev.greeter.testing.FakeServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A probe without end, and its metrics. */
class ProbeServerTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void reportsWhatItCountsAndEndsWithAFullReport() throws Exception {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.read(5);
            if (nth % 10 != 9) {
                connection.write("World");
            }
        })) {
            Target target = Probing.greeting(server.port());
            Load endless = new Load(OptionalDouble.of(500), OptionalLong.empty(), Duration.ZERO);
            Plan plan = Probing.plan(Mode.ONESHOT, target, endless, 4, Probing.TIMEOUT);
            Vertx vertx = Probe.vertx(1);
            Probe probe = new Probe(vertx, plan);
            int port = new ProbeServer(vertx, probe).listen("127.0.0.1", 0).await();
            Future<Report> running = probe.run();
            await().until(() -> value(port, "answered_total") > 200);
            assertThat(post(port, "/gate").statusCode()).isEqualTo(503);
            assertThat(get(port, "/gate").body()).isEqualTo("oneshot at " + target.name() + " lost exchanges\n");

            assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
            String metrics = get(port, "/metrics").body();
            assertThat(metrics)
                    .contains("# TYPE greeter_probe_latency_seconds histogram")
                    .contains("greeter_probe_latency_seconds_bucket{form=\"oneshot\",target=\"" + target.name()
                            + "\",le=\"0.001\"}")
                    .contains("greeter_probe_lost_total{class=\"dns\",form=\"oneshot\",target=\"" + target.name()
                            + "\"} 0.0")
                    .containsPattern("greeter_probe_up\\{.*} [01].0");

            probe.stop();
            Report report = running.await();
            ScenarioResult result = report.results().get(0);
            assertThat(report.complete()).isFalse();
            assertThat(result.counts().losses().keySet()).containsOnly(Loss.Kind.CLOSED);
            assertThat(value(port, "sent_total")).isEqualTo(result.counts().sent());
            assertThat(value(port, "answered_total"))
                    .isEqualTo(result.counts().answered())
                    .isEqualTo(value(port, "latency_seconds_count"))
                    .isEqualTo(bucket(port, "+Inf"));
            assertThat(bucket(port, "10.0")).isLessThanOrEqualTo(result.counts().answered());
            assertThat(value(port, "connections_total"))
                    .isEqualTo(result.counts().connections());
            assertThat(lost(port)).isEqualTo(result.counts().lost());
            vertx.close().await();
        }
    }

    @Test
    void refusesWhatItDoesNotHave() throws Exception {
        Vertx vertx = Probe.vertx(1);
        Probe probe = new Probe(
                vertx,
                new Plan(
                        "test",
                        List.of(),
                        Load.closedCount(1),
                        Duration.ZERO,
                        1,
                        Probing.TIMEOUT,
                        ClientTls.DEFAULT,
                        Duration.ofDays(14),
                        Probing.NO_LIMITS,
                        Optional.empty()));
        int port = new ProbeServer(vertx, probe).listen("127.0.0.1", 0).await();
        assertThat(get(port, "/").statusCode()).isEqualTo(404);
        HttpResponse<String> refused = post(port, "/metrics");
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("allow")).contains("GET, HEAD");
        vertx.close().await();
    }

    @Test
    void opensItsGateWhileAllIsAnswered() throws Exception {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.read(5);
            connection.write("World");
        })) {
            Vertx vertx = Probe.vertx(1);
            Plan plan = Probing.plan(
                    Mode.ONESHOT, Probing.greeting(server.port()), Load.openCount(200, 20), 4, Probing.TIMEOUT);
            Probe probe = new Probe(vertx, plan);
            int port = new ProbeServer(vertx, probe).listen("127.0.0.1", 0).await();
            assertThat(post(port, "/gate").statusCode()).isEqualTo(503);
            probe.run().await();
            assertThat(post(port, "/gate").statusCode()).isEqualTo(200);
            vertx.close().await();
        }
    }

    @Test
    void showsNothingOfTheWarmUp() throws Exception {
        CountDownLatch warm = new CountDownLatch(1);
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.read(5);
            if (nth >= 50) {
                warm.await();
            }
            connection.write("World");
        })) {
            Vertx vertx = Probe.vertx(1);
            Plan cold = Probing.plan(
                    Mode.ONESHOT, Probing.greeting(server.port()), Load.openCount(500, 20), 4, Probing.TIMEOUT);
            Plan plan = new Plan(
                    cold.run(),
                    cold.scenarios(),
                    cold.load(),
                    Duration.ofMillis(200),
                    cold.connections(),
                    cold.timeout(),
                    cold.tls(),
                    cold.warnExpiry(),
                    cold.limits(),
                    cold.stats());
            Probe probe = Probing.probe(vertx, plan);
            int port = new ProbeServer(vertx, probe).listen("127.0.0.1", 0).await();
            Future<Report> running = probe.run();
            await().until(() -> server.accepted() > 60);
            for (String counter :
                    List.of("sent_total", "answered_total", "connections_total", "latency_seconds_count")) {
                assertThat(value(port, counter)).as(counter).isZero();
            }
            warm.countDown();
            running.await();
            assertThat(value(port, "sent_total")).isEqualTo(20);
            assertThat(value(port, "answered_total")).isEqualTo(20);
            vertx.close().await();
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 60", "1, 60", "0.04, 70", "0.01, 220", "0.000000000001, 4611686038"})
    void waitsForTheNextExchangesWhereTheyAreRare(double perSecond, long seconds) {
        Vertx vertx = Probe.vertx(1);
        Load endless = new Load(OptionalDouble.of(perSecond), OptionalLong.empty(), Duration.ZERO);
        Plan plan = Probing.plan(Mode.ONESHOT, Probing.greeting(1), endless, 4, Probing.TIMEOUT);
        assertThat(Probing.probe(vertx, plan).gateWindow().toSeconds()).isEqualTo(seconds);
        vertx.close().await();
    }

    private HttpResponse<String> post(int port, String path) throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri(port, path))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        return client.send(post, HttpResponse.BodyHandlers.ofString());
    }

    private long lost(int port) throws Exception {
        return sum(port, "greeter_probe_lost_total{");
    }

    private long value(int port, String name) throws Exception {
        return sum(port, "greeter_probe_" + name + "{");
    }

    private long bucket(int port, String bound) throws Exception {
        return get(port, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("greeter_probe_latency_seconds_bucket{")
                        && line.contains("le=\"" + bound + "\""))
                .mapToLong(ProbeServerTest::number)
                .sum();
    }

    private long sum(int port, String start) throws Exception {
        return get(port, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToLong(ProbeServerTest::number)
                .sum();
    }

    private static long number(String line) {
        return (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(port, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
