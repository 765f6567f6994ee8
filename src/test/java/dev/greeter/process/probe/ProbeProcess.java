package dev.greeter.process.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
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

/** The probe from the jar, as a process of its own. */
final class ProbeProcess implements AutoCloseable {
    private final Path log;
    private final Path json;
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();

    private ProbeProcess(Path log, Path json, Process process) {
        this.log = log;
        this.json = json;
        this.process = process;
    }

    static ProbeProcess start(Path folder, String... arguments) throws IOException {
        Path log = Files.createTempFile(folder, "probe", ".log");
        Path json = Files.createTempFile(folder, "probe", ".json");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m"));
        command.addAll(GreeterProcess.archived());
        command.addAll(List.of("probe", "--json=" + json));
        command.addAll(List.of(arguments));
        return new ProbeProcess(
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
        List<Double> before = answered(metrics());
        await().atMost(180, TimeUnit.SECONDS).untilAsserted(() -> {
            String metrics = metrics();
            List<Double> now = answered(metrics);
            for (int row = 0; row < now.size(); row++) {
                assertThat(now.get(row))
                        .as("row %d: %s%n%s", row, metrics, output())
                        .isGreaterThanOrEqualTo(before.get(row) + more);
            }
        });
    }

    private static List<Double> answered(String metrics) {
        return metrics.lines()
                .filter(line -> line.startsWith("greeter_probe_answered_total{"))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
    }

    private String metrics() throws Exception {
        String url = output().lines()
                .filter(line -> line.contains("metrics on "))
                .map(line -> line.substring(line.indexOf("http://")))
                .findFirst()
                .orElseThrow();
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    int end(String signal) throws Exception {
        signal(signal);
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
