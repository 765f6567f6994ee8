package dev.greeter.process.monitor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar with the variables OTEL_*, beside a collector, beside none, and without them. */
class TracingIT {
    @TempDir
    Path folder;

    @Test
    void tracesEachGreeting() throws Exception {
        try (Collector collector = new Collector();
                GreeterProcess greeter = GreeterProcess.serveIn(collector.environment(), folder, "node.name=node-7")) {
            assertThat(say(greeter, "Hello")).isEqualTo("World");
            assertThat(say(greeter, "GREETING/2\nHello\nHello 7f3a\nWho\n"))
                    .isEqualTo("GREETING/2\nWorld\nWorld 7f3a\nNode node-7\n");
            assertThat(say(greeter, "Howdy\n")).startsWith("Error bad-greeting ");
            await().until(() -> collector.named("greeting").size() == 4);

            assertThat(collector.named("greeting"))
                    .allSatisfy(span -> {
                        assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
                        assertThat(span.getParentSpanId().isEmpty()).isTrue();
                        assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
                        assertThat(span.getEndTimeUnixNano()).isGreaterThanOrEqualTo(span.getStartTimeUnixNano());
                    })
                    .extracting(Span::getTraceId)
                    .doesNotHaveDuplicates();
            assertThat(attributes(collector.named("greeting")))
                    .containsExactlyInAnyOrder(
                            greeting("oneshot", "answered"),
                            greeting("session", "answered"),
                            greeting("session", "answered", entry("greeter.token", "7f3a")),
                            greeting("unknown", "refused", entry("error.type", "bad-greeting")));
            assertThat(collector.resource())
                    .containsEntry("service.name", "greeter")
                    .containsEntry("service.instance.id", "node-7")
                    .containsEntry("service.version", "1.0.0");
            assertThat(collector.otherPaths()).isEmpty();
            assertThat(greeter.lines())
                    .filteredOn(line -> !"INFO".equals(line.getString("level")))
                    .isEmpty();
        }
    }

    @Test
    void tracesEachRequestToTheLedgerAndBack() throws Exception {
        try (Collector collector = new Collector();
                GreeterProcess greeter = GreeterProcess.serveIn(collector.environment(), folder)) {
            greeter.get(greeter.httpPort(), "/stats?scope=node");
            greeter.get(greeter.httpPort(), "/nowhere/at/all");
            greeter.get(greeter.managementPort(), "/livez");
            greeter.get(greeter.httpPort(), "/");
            await().until(() -> collector.spans().size() == 5);

            Span stats = collector.named("GET /stats").get(0);
            Span asking = collector.named("send greeter.stats").get(0);
            Span answering = collector.named("process greeter.stats").get(0);
            assertThat(stats.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
            assertThat(Collector.attributes(stats.getAttributesList()))
                    .containsEntry("http.request.method", "GET")
                    .containsEntry("http.route", "/stats")
                    .containsEntry("url.path", "/stats")
                    .containsEntry("url.query", "scope=node")
                    .containsEntry("client.address", "127.0.0.1")
                    .containsEntry("http.response.status_code", 200L);
            assertThat(List.of(asking, answering)).extracting(Span::getTraceId).containsOnly(stats.getTraceId());
            assertThat(asking.getParentSpanId()).isEqualTo(stats.getSpanId());
            assertThat(answering.getParentSpanId()).isEqualTo(asking.getSpanId());
            // the probe's request to the management port is none of these
            assertThat(collector.spans())
                    .extracting(Span::getName)
                    .containsExactlyInAnyOrder(
                            "GET /stats", "send greeter.stats", "process greeter.stats", "GET", "GET /");
        }
    }

    @Test
    void handsOverTheLastSpansAtTheStop() throws Exception {
        try (Collector collector = new Collector()) {
            Map<String, String> slow = new HashMap<>(collector.environment());
            slow.put("OTEL_BSP_SCHEDULE_DELAY", "3600000");
            slow.put("OTEL_SERVICE_NAME", "canary");
            slow.put("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=a,service.version=2,deployment.environment=test");
            try (GreeterProcess greeter = GreeterProcess.serveIn(slow, folder)) {
                assertThat(say(greeter, "Hello")).isEqualTo("World");
                assertThat(collector.spans()).isEmpty();
                greeter.signal("TERM");

                assertThat(greeter.exitCode()).isZero();
                assertThat(collector.named("greeting")).hasSize(1);
                assertThat(collector.resource())
                        .containsEntry("service.name", "canary")
                        .containsEntry("service.instance.id", "a")
                        .containsEntry("service.version", "2")
                        .containsEntry("deployment.environment", "test");
                assertThat(greeter.lines())
                        .last()
                        .satisfies(line -> assertThat(line.getString("message")).isEqualTo("stopped"));
            }
        }
    }

    @Test
    void neitherServesNorStopsSlowerForACollectorThatNeverAnswers() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                GreeterProcess greeter = GreeterProcess.serveIn(
                        Map.of(
                                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                                "http://127.0.0.1:" + deaf.getLocalPort() + "/v1/traces",
                                "OTEL_BSP_SCHEDULE_DELAY",
                                "10",
                                "OTEL_BSP_MAX_QUEUE_SIZE",
                                "1000"),
                        folder);
                Socket session = new Socket(InetAddress.getLoopbackAddress(), greeter.greetingPort())) {
            int lines = 20_000;
            session.getOutputStream().write(("GREETING/2\n" + "Hello\n".repeat(lines)).getBytes(ISO_8859_1));
            session.shutdownOutput();
            assertThat(new String(session.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("GREETING/2\n" + "World\n".repeat(lines));
            assertThat(greeter.get(greeter.managementPort(), "/livez").statusCode())
                    .isEqualTo(200);
            Instant signalled = Instant.now();
            greeter.signal("TERM");

            assertThat(greeter.exitCode()).isZero();
            assertThat(Duration.between(signalled, Instant.now())).isLessThan(Duration.ofSeconds(10));
            assertThat(greeter.line("stopped").getInteger("greeting.answered")).isEqualTo(lines);
            assertThat(greeter.said("spans were not handed over within 2 s")).isTrue();
            // each line is a JSON object: what the SDK says of the collector is in the log, and in its form
            assertThat(greeter.output().lines()).allMatch(line -> line.startsWith("{"));
        }
    }

    @Test
    void loadsNoClassOfOpenTelemetryWhileItIsOff() throws Exception {
        Map<String, String> off = Map.of("OTEL_SERVICE_NAME", "canary", "OTEL_TRACES_EXPORTER", "none");
        try (GreeterProcess greeter = GreeterProcess.serveTellingClasses(off, folder)) {
            assertThat(say(greeter, "Hello")).isEqualTo("World");
            greeter.get(greeter.httpPort(), "/stats");

            assertThat(greeter.output())
                    .contains("io.vertx.core.Vertx ")
                    .doesNotContain("io.opentelemetry.", "io.vertx.tracing.");
        }
    }

    @Test
    void saysInOneLineWhatItCannotDo() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.run(
                List.of(), Map.of("OTEL_TRACES_EXPORTER", "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), folder)) {
            assertThat(greeter.exitCode()).isEqualTo(2);
            assertThat(greeter.output())
                    .isEqualTo("greeter serve: environment: OTEL_EXPORTER_OTLP_PROTOCOL is \"grpc\","
                            + " allowed: http/protobuf\n");
        }
    }

    @SafeVarargs
    private static Map<String, Object> greeting(String form, String outcome, Map.Entry<String, String>... more) {
        Map<String, Object> attributes = new TreeMap<>(Map.of(
                "network.transport", "tcp",
                "network.protocol.name", "greeting",
                "client.address", "127.0.0.1",
                "greeter.form", form,
                "greeter.outcome", outcome));
        for (Map.Entry<String, String> attribute : more) {
            attributes.put(attribute.getKey(), attribute.getValue());
        }
        return attributes;
    }

    private static List<Map<String, Object>> attributes(List<Span> spans) {
        List<Map<String, Object>> all = new ArrayList<>();
        spans.forEach(span -> all.add(Collector.attributes(span.getAttributesList())));
        return all;
    }

    /** All that is answered to these octets. */
    private static String say(GreeterProcess greeter, String octets) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), greeter.greetingPort())) {
            socket.getOutputStream().write(octets.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}
