package dev.greeter.probe;

import dev.greeter.Greeter;
import dev.greeter.bus.Stats;
import dev.greeter.config.ConfigException;
import dev.greeter.config.ConfigSources;
import dev.greeter.net.tls.Certificates;
import dev.greeter.probe.measure.Target;
import dev.greeter.testing.Machine;
import dev.greeter.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;

/** The whole service within this JVM, with two instances of each server, and with faults enabled. */
final class TestService implements AutoCloseable {
    private static final String TOKEN = "open-sesame";

    private final HttpClient client = HttpClient.newHttpClient();
    private final int greetingPort = Machine.freePort();
    private final int httpPort = Machine.freePort();
    private final int managementPort = Machine.freePort();
    private final Greeter greeter;

    TestService() throws ConfigException {
        greeter = new Greeter(
                new ConfigSources(
                                Optional.empty(),
                                Map.of(),
                                Map.of(
                                        "greeting.port",
                                        Integer.toString(greetingPort),
                                        "greeting.instances",
                                        "2",
                                        "http.port",
                                        Integer.toString(httpPort),
                                        "http.instances",
                                        "2",
                                        "management.port",
                                        Integer.toString(managementPort),
                                        "exchangeLog.maxPerSecond",
                                        "0",
                                        "faults.token",
                                        TOKEN))
                        .load(),
                Certificates.NONE,
                new Tracing.Off());
        greeter.start().await();
    }

    Target greeting() {
        return Probing.greeting(greetingPort);
    }

    Target http() {
        return Probing.http(httpPort);
    }

    Future<Stats> stats() {
        HttpRequest request = HttpRequest.newBuilder(uri(httpPort, "/stats")).build();
        return Future.fromCompletionStage(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                .map(response -> Stats.fromJson(new JsonObject(response.body())));
    }

    int managementStatus(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(managementPort, path)).build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    HttpResponse<String> faults(String method, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri(managementPort, "/faults"))
                        .header("authorization", "Bearer " + TOKEN)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public void close() {
        greeter.stop().await();
    }
}
