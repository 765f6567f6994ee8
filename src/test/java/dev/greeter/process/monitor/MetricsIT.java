package dev.greeter.process.monitor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.GreetingLoad;
import dev.greeter.testing.Machine;
import dev.greeter.testing.Scraped;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the jar's metrics say of load over real sockets, to a parser, to Prometheus's own checker, and to Prometheus. */
class MetricsIT {
    private static final int MAX_SERIES = 1_000;

    @TempDir
    Path folder;

    @Test
    void agreeWithTheStatsAfterLoad() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder);
                GreetingLoad load = new GreetingLoad()) {
            load.oneShot(2, greeter.greetingPort())
                    .sessions(2, greeter.greetingPort())
                    .pages(2, greeter.httpPort())
                    .pagesKeptAlive(2, greeter.httpPort());
            await().until(() -> load.greeted() > 2_000 && load.got() > 200);
            load.stop();
            assertThat(say(greeter.greetingPort(), "Howdy\n")).startsWith("Error bad-greeting ");
            assertThat(say(greeter.httpPort(), "POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 405 ");
            await().untilAsserted(() -> assertThat(scrape(greeter).sum("greeter_exchanges_total"))
                    .isEqualTo((double) (load.greeted() + load.got() + 2)));

            Scraped scraped = scrape(greeter);

            for (String protocol : List.of("greeting", "http")) {
                greeter.totals(protocol)
                        .forEach((outcome, total) -> assertThat(scraped.sum(
                                        "greeter_exchanges_total", "protocol", protocol, "outcome", outcome))
                                .as("%s %s", protocol, outcome)
                                .isEqualTo(((Number) total).doubleValue()));
                assertThat(scraped.histogram("greeter_exchange_seconds", "protocol", protocol)
                                .getSampleCount())
                        .isEqualTo(((Number) greeter.totals(protocol).get("answered")).longValue());
            }
            assertThat(scraped.sum("greeter_exchanges_total", "protocol", "greeting", "outcome", "answered"))
                    .isEqualTo((double) load.greeted());
            assertThat(scraped.sum("greeter_exchanges_total", "outcome", "refused"))
                    .isEqualTo(2);
            assertThat(scraped.value("greeter_exchange_log_suppressed_total")).isPositive();
            assertThat(scraped.value("greeter_ready")).isEqualTo(1);
            assertThat(scraped.value("greeter_draining")).isZero();
        }
    }

    @Test
    void haveVertxsServersInThem() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            assertThat(say(greeter.greetingPort(), "Hello")).isEqualTo("World");
            greeter.get(greeter.httpPort(), "/");
            scrape(greeter);

            Scraped scraped = scrape(greeter);

            assertThat(scraped.names())
                    .contains(
                            "vertx_net_server_active_connections",
                            "vertx_net_server_bytes_read_total",
                            "vertx_net_server_bytes_written_total",
                            "vertx_http_server_active_connections",
                            "vertx_http_server_requests_total",
                            "vertx_http_server_response_time_seconds",
                            "vertx_http_server_response_bytes");
            assertThat(scraped.names())
                    .as("what Vert.x counts wrong")
                    .doesNotContain("vertx_http_server_active_requests", "vertx_http_server_request_resets_total");
            assertThat(scraped.sum("vertx_net_server_bytes_read_total")).isEqualTo("Hello".length());
            assertThat(scraped.sum("vertx_http_server_requests_total", "code", "200"))
                    .as("the page and the first scrape")
                    .isEqualTo(2);
            assertThat(greeter.output()).doesNotContain("micrometer");
        }
    }

    /** Whatever clients make up. */
    @Test
    void areOfBoundedNumber() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            for (int i = 0; i < 300; i++) {
                say(greeter.greetingPort(), "GREETING/2\nHello token-" + i + "\n");
                say(
                        greeter.httpPort(),
                        "METHOD" + i + " /path" + i + " HTTP/1.1\r\nhost: host" + i + "\r\nconnection: close\r\n\r\n");
            }

            Scraped scraped = scrape(greeter);

            assertThat(scraped.series()).isLessThan(MAX_SERIES);
            assertThat(scraped.labels("greeter_"))
                    .containsExactlyInAnyOrder(
                            "protocol",
                            "form",
                            "outcome",
                            "verticle",
                            "server",
                            "version",
                            "java",
                            "vertx",
                            "node",
                            "host");
            assertThat(scraped.labels("vertx_")).containsExactlyInAnyOrder("local", "code");
            assertThat(scraped.values("protocol")).containsExactlyInAnyOrder("greeting", "http");
            assertThat(scraped.values("form")).containsExactlyInAnyOrder("oneshot", "session", "unknown", "page");
            assertThat(scraped.values("outcome")).containsExactlyInAnyOrder("answered", "refused", "failed");
            assertThat(scraped.values("verticle")).containsExactlyInAnyOrder("greeting", "http", "ledger");
            assertThat(scraped.values("code")).isSubsetOf("200", "404", "405", "501");
            assertThat(scraped.values("local")).as("the three servers").hasSize(3);
        }
    }

    @Test
    void haveNoGaugeThatKeepsWhatItsClientsLeft() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            for (int i = 0; i < 20; i++) {
                leave(greeter.httpPort(), "POST /nothing HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n", i);
                leave(greeter.httpPort(), "GET /stats HTTP/1.1\r\nhost: x\r\n\r\n".repeat(5), i);
                leave(greeter.managementPort(), "GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n", i);
                leave(greeter.managementPort(), "POST /livez HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n", i);
                leave(greeter.greetingPort(), "GREETING/2\nHello\n", i);
            }

            await().untilAsserted(() -> {
                Scraped scraped = scrape(greeter);
                assertThat(scraped.value("greeter_http_active_requests", "server", "http"))
                        .isZero();
                assertThat(scraped.value("greeter_http_active_requests", "server", "management"))
                        .as("the scrape")
                        .isEqualTo(1);
                assertThat(scraped.sum("vertx_http_server_active_connections"))
                        .as("the scrape")
                        .isEqualTo(1);
                assertThat(scraped.sum("vertx_net_server_active_connections")).isZero();
                assertThat(scraped.sum("greeter_connections")).isZero();
            });
        }
    }

    @Test
    void pleasePrometheusOwnChecker() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            say(greeter.greetingPort(), "Hello");
            greeter.get(greeter.httpPort(), "/");
            Process promtool = new ProcessBuilder(Machine.program("promtool"), "check", "metrics")
                    .redirectErrorStream(true)
                    .start();
            try (OutputStream in = promtool.getOutputStream()) {
                in.write(metrics(greeter).getBytes(UTF_8));
            }
            String said = new String(promtool.getInputStream().readAllBytes(), UTF_8);
            promtool.waitFor();
            // it parses all of it, and finds fault with names that are not ours
            assertThat(said.lines().filter(line -> line.startsWith("greeter_") || line.startsWith("error")))
                    .isEmpty();
        }
    }

    @Test
    void areScrapedByPrometheusAsOpenMetrics() throws Exception {
        Files.writeString(folder.resolve("rules.yaml"), "groups: []");
        try (GreeterProcess greeter = GreeterProcess.serve(folder);
                Prometheus prometheus = Prometheus.start(folder)) {
            assertThat(say(greeter.greetingPort(), "Hello")).isEqualTo("World");
            prometheus.scrape(List.of(greeter.managementPort()));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> prometheus
                                    .query("greeter_exchanges_total{form=\"oneshot\",outcome=\"answered\"} == 1")
                                    .size()
                            == 1);
            assertThat(prometheus.query("up == 1")).hasSize(1);
            assertThat(prometheus.query("histogram_quantile(0.5, greeter_exchange_seconds_bucket) > 0"))
                    .hasSize(1);
            assertThat(prometheus.unit("greeter_exchange_seconds"))
                    .as("told in OpenMetrics only")
                    .isEqualTo("seconds");
        }
    }

    private static Scraped scrape(GreeterProcess greeter) throws IOException, InterruptedException {
        return Scraped.of(metrics(greeter));
    }

    private static String metrics(GreeterProcess greeter) throws IOException, InterruptedException {
        return greeter.get(greeter.managementPort(), "/metrics").body();
    }

    /** Asks, and goes at once: by a reset each second time. */
    private static void leave(int port, String octets, int time) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
            socket.setSoLinger(time % 2 == 0, 0);
        }
    }

    private static String say(int port, String octets) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}
