package dev.greeter.process.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The probe from the jar, as a process of its own. */
final class ProbeProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final GreeterProcess process;
    private final Path json;

    private ProbeProcess(GreeterProcess process, Path json) {
        this.process = process;
        this.json = json;
    }

    static ProbeProcess start(Path folder, String... arguments) throws IOException {
        Path json = Files.createTempFile(folder, "probe", ".json");
        List<String> all = new ArrayList<>(List.of("probe", "--json=" + json));
        all.addAll(List.of(arguments));
        return new ProbeProcess(GreeterProcess.run(folder, all), json);
    }

    /** Waits until each form has had so many answers anew, by its own metrics. */
    void awaitAnswered(double more) throws Exception {
        await().atMost(PATIENCE).until(() -> output().contains("/metrics"));
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

    /** The answers to each form so far. */
    static List<Double> answered(String metrics) {
        return metrics.lines()
                .filter(line -> line.startsWith("greeter_probe_answered_total{"))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
    }

    private String metrics() throws Exception {
        URI url = output().lines()
                .filter(line -> line.contains("metrics on "))
                .map(line -> URI.create(line.substring(line.indexOf("http://"))))
                .findFirst()
                .orElseThrow();
        return process.get(url.getPort(), url.getPath()).body();
    }

    void signal(String name) throws Exception {
        process.signal(name);
    }

    int end(String signal) throws Exception {
        signal(signal);
        return exitCode();
    }

    int exitCode() throws InterruptedException {
        return process.exitCode(PATIENCE);
    }

    JsonObject report() throws IOException {
        return new JsonObject(Files.readString(json));
    }

    String output() throws IOException {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
    }
}
