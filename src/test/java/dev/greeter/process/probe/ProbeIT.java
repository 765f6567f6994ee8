package dev.greeter.process.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.Fleet;
import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The probe as a process of its own, against the service as another. */
@Timeout(300)
class ProbeIT {
    private static final String TOKEN = "open-sesame";

    @TempDir
    Path folder;

    /** What the probe is for: nothing lost by a rollout, and every exchange counted once. */
    @Test
    void passesThroughARolloutAndIsReconciled() throws Exception {
        try (Fleet fleet = Fleet.start(folder, 2, "shutdown.delay=3s", "exchangeLog.maxPerSecond=0");
                ProbeProcess probe = ProbeProcess.start(
                        folder,
                        "--forever",
                        "--metrics=127.0.0.1:0",
                        "--rate=200",
                        "--max-lost=0",
                        "127.0.0.1:" + fleet.balancer().greetingPort(),
                        "http://127.0.0.1:" + fleet.balancer().httpPort() + "/")) {
            probe.awaitAnswered(250);
            fleet.roll();
            probe.awaitAnswered(250);
            assertThat(probe.end("TERM")).as(probe.output()).isZero();
            JsonObject report = probe.report();
            fleet.stopAll();
            assertThat(report.getLong("lost")).isZero();
            assertThat(report.getBoolean("withinLimits")).isTrue();
            assertThat(fleet.counted("greeting.answered")).isEqualTo(answered(report, "oneshot", "session"));
            assertThat(fleet.counted("http.answered")).isEqualTo(answered(report, "http", "http-keepalive"));
            assertThat(fleet.counted("greeting.failed") + fleet.counted("http.failed"))
                    .isZero();
        }
    }

    @Test
    void tellsWhatFaultsDoAndTheServiceStopsInSpiteOfThem() throws Exception {
        try (GreeterProcess greeter =
                GreeterProcess.serve(folder, "faults.token=" + TOKEN, "greeting.handshakeTimeout=60s")) {
            for (String protocol : List.of("greeting", "http")) {
                for (String kind : List.of("reset", "stall", "wrong")) {
                    assertThat(fault(greeter, protocol, kind)).isEqualTo(201);
                }
            }
            try (ProbeProcess probe = ProbeProcess.start(
                    folder,
                    "--forms=oneshot,http",
                    "--rate=200",
                    "--count=400",
                    "--timeout=10s",
                    "--verify=http://127.0.0.1:" + greeter.httpPort(),
                    "127.0.0.1:" + greeter.greetingPort(),
                    "http://127.0.0.1:" + greeter.httpPort() + "/")) {
                assertThat(probe.exitCode()).as(probe.output()).isEqualTo(1);
                JsonObject report = probe.report();
                for (Object form : report.getJsonArray("forms")) {
                    JsonObject losses = ((JsonObject) form).getJsonObject("losses");
                    assertThat(losses)
                            .isEqualTo(new JsonObject()
                                    .put("reset", 20)
                                    .put("timeout", 20)
                                    .put("wrong", 20));
                }
                JsonObject reconciliation = report.getJsonObject("reconciliation");
                assertThat(reconciliation.getBoolean("holds")).isTrue();
                for (Object line : reconciliation.getJsonArray("protocols")) {
                    // those that were answered wrongly
                    assertThat(((JsonObject) line).getLong("difference")).isEqualTo(20);
                    assertThat(((JsonObject) line).getString("finding")).isEqualTo("unconfirmed");
                }
            }
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).as(greeter.output()).isZero();
            for (String protocol : List.of("greeting", "http")) {
                assertThat(greeter.line("stopped").getLong(protocol + ".answered"))
                        .isEqualTo(360);
                assertThat(greeter.line("stopped").getLong(protocol + ".failed"))
                        .isEqualTo(40);
            }
            assertThat(greeter.line("configuration").getString("faults.token")).isEqualTo("***");
            assertThat(greeter.output()).doesNotContain(TOKEN);
        }
    }

    private static int fault(GreeterProcess greeter, String protocol, String kind) throws Exception {
        JsonObject fault = new JsonObject()
                .put("protocol", protocol)
                .put("kind", kind)
                .put("percent", 5)
                .put("for", "5m");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + greeter.managementPort() + "/faults"))
                .header("authorization", "Bearer " + TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(fault.encode()))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static long answered(JsonObject report, String... forms) {
        JsonArray rows = report.getJsonArray("forms");
        return rows.stream()
                .map(JsonObject.class::cast)
                .filter(row -> List.of(forms).contains(row.getString("form")))
                .mapToLong(row -> row.getLong("answered"))
                .sum();
    }
}
