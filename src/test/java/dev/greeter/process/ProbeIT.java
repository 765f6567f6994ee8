package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
                Probe probe = Probe.start(
                        folder,
                        "--forever",
                        "--metrics=127.0.0.1:0",
                        "--rate=200",
                        "--max-lost=0",
                        "127.0.0.1:" + fleet.balancer().greetingPort(),
                        "http://127.0.0.1:" + fleet.balancer().httpPort() + "/")) {
            probe.awaitAnswered(1_000);
            fleet.roll();
            probe.awaitAnswered(1_000);
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
            try (Probe probe = Probe.start(
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

    private static final class Probe implements AutoCloseable {
        private final Path log;
        private final Path json;
        private final Process process;

        private Probe(Path log, Path json, Process process) {
            this.log = log;
            this.json = json;
            this.process = process;
        }

        static Probe start(Path folder, String... arguments) throws IOException {
            Path log = Files.createTempFile(folder, "probe", ".log");
            Path json = Files.createTempFile(folder, "probe", ".json");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-jar",
                    System.getProperty("greeter.jar", "target/greeter.jar"),
                    "probe",
                    "--json=" + json));
            command.addAll(List.of(arguments));
            return new Probe(
                    log,
                    json,
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start());
        }

        /** Waits until each form has had so many answers anew, by its own metrics. */
        void awaitAnswered(double more) throws Exception {
            await().atMost(60, TimeUnit.SECONDS).until(() -> output().contains("/metrics"));
            List<Double> before = answered();
            await().atMost(60, TimeUnit.SECONDS).until(() -> {
                List<Double> now = answered();
                for (int row = 0; row < now.size(); row++) {
                    if (now.get(row) < before.get(row) + more) {
                        return false;
                    }
                }
                return true;
            });
        }

        private List<Double> answered() throws Exception {
            String url = output().lines()
                    .filter(line -> line.contains("metrics on "))
                    .map(line -> line.substring(line.indexOf("http://")))
                    .findFirst()
                    .orElseThrow();
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("greeter_probe_answered_total{"))
                    .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                    .toList();
        }

        int end(String signal) throws Exception {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            return exitCode();
        }

        int exitCode() throws InterruptedException {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }

        JsonObject report() throws IOException {
            return new JsonObject(Files.readString(json));
        }

        String output() throws IOException {
            return Files.readString(log);
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
