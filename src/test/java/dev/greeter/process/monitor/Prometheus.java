package dev.greeter.process.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.Machine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Prometheus that scrapes every two seconds, because a scrape takes one where no ledger answers. */
final class Prometheus implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path targets;
    private final Path log;
    private final Process process;
    private final int port;

    private Prometheus(Path folder, int port) throws IOException {
        this.port = port;
        targets = folder.resolve("targets.json");
        log = folder.resolve("prometheus.log");
        scrape(List.of());
        Files.writeString(folder.resolve("prometheus.yaml"), """
                global: {scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 1s}
                rule_files: [rules.yaml]
                scrape_configs:
                - job_name: greeter
                  file_sd_configs: [{files: [targets.json], refresh_interval: 1s}]
                """);
        process = new ProcessBuilder(
                        Machine.program("prometheus"),
                        "--config.file=" + folder.resolve("prometheus.yaml"),
                        "--storage.tsdb.path=" + folder.resolve("series"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** @param folder has {@code rules.yaml} and takes the rest */
    static Prometheus start(Path folder) throws IOException {
        Prometheus prometheus = new Prometheus(folder, Machine.freePort());
        await().ignoreExceptions()
                .failFast("prometheus ended", () -> !prometheus.process.isAlive())
                .until(() -> prometheus.get("/-/ready").statusCode() == 200);
        return prometheus;
    }

    /** Scrapes these management ports and no others. */
    void scrape(Collection<Integer> ports) throws IOException {
        JsonArray addresses =
                new JsonArray(ports.stream().map(port -> "127.0.0.1:" + port).toList());
        Files.writeString(
                targets,
                new JsonArray().add(new JsonObject().put("targets", addresses)).encode());
    }

    /** The result of a query at this moment. */
    JsonArray query(String expression) throws IOException, InterruptedException {
        HttpResponse<String> response =
                get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        assertThat(response.statusCode())
                .as(expression + ": " + response.body())
                .isEqualTo(200);
        return new JsonObject(response.body()).getJsonObject("data").getJsonArray("result");
    }

    Set<String> firing() throws IOException, InterruptedException {
        JsonArray alerts = query("ALERTS{alertstate=\"firing\"}");
        return IntStream.range(0, alerts.size())
                .mapToObj(i -> alerts.getJsonObject(i).getJsonObject("metric").getString("alertname"))
                .collect(Collectors.toSet());
    }

    /** The unit that the metrics declare for a metric. */
    String unit(String metric) throws IOException, InterruptedException {
        return new JsonObject(get("/api/v1/metadata?metric=" + metric).body())
                .getJsonObject("data")
                .getJsonArray(metric)
                .getJsonObject(0)
                .getString("unit");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
