package dev.greeter;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import dev.greeter.config.ConfigSources;
import dev.greeter.net.tls.Certificates;
import dev.greeter.testing.Machine;
import dev.greeter.tracing.Tracing;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service within this JVM, for what cannot be done to it from outside. */
@Timeout(60)
class GreeterTest {
    private static final String HOST = "127.0.0.1";

    private final HttpClient client = HttpClient.newHttpClient();
    private final int greeting = Machine.freePort();
    private final int http = Machine.freePort();
    private final int management = Machine.freePort();
    private final int cluster = Machine.freePort();

    @Test
    void servesOnAndAsksToBeStartedAgainWhereItIsOutOfTheClusterForGood() throws Exception {
        Greeter greeter = new Greeter(
                new ConfigSources(
                                Optional.empty(),
                                Map.of(),
                                Map.ofEntries(
                                        Map.entry("greeting.port", Integer.toString(greeting)),
                                        Map.entry("http.port", Integer.toString(http)),
                                        Map.entry("management.port", Integer.toString(management)),
                                        Map.entry("cluster.enabled", "true"),
                                        Map.entry("cluster.host", HOST),
                                        Map.entry("cluster.port", Integer.toString(cluster)),
                                        Map.entry("cluster.eventBusPort", "0")))
                        .load(),
                Certificates.NONE,
                new Tracing.Off());
        greeter.start().await();
        assertThat(greet()).isEqualTo("World");
        assertThat(get(management, "/livez").statusCode()).isEqualTo(200);

        Hazelcast.getAllHazelcastInstances().stream()
                .filter(each -> each.getCluster().getLocalMember().getAddress().getPort() == cluster)
                .forEach(each -> each.getLifecycleService().terminate());

        HttpResponse<String> live = get(management, "/livez");
        assertThat(live.statusCode()).isEqualTo(503);
        assertThat(live.body()).contains("it is out of the cluster until it is started again");
        assertThat(get(management, "/readyz").statusCode()).isEqualTo(200);
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                new JsonObject(get(http, "/stats").body()).getBoolean("partial", false))
                        .isTrue());
        assertThat(greet()).isEqualTo("World");
        assertThat(get(http, "/").statusCode()).isEqualTo(200);
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                new JsonObject(get(http, "/stats").body()).getJsonObject("totals"))
                        .isEqualTo(new JsonObject("""
                        {"greeting": {"answered": 2, "refused": 0, "failed": 0},
                         "http": {"answered": 1, "refused": 0, "failed": 0}}""")));

        assertThat(greeter.stop().await()).as("cut").isFalse();
    }

    private String greet() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), greeting)) {
            socket.getOutputStream().write("Hello".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + HOST + ":" + port + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
