package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.greeter.testing.GreeterProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wherever the jar reads or prints an address, {@code ::1} is one (RFC 5952, and RFC 3986 before a port). */
class Ipv6IT {
    private static final byte[] LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @BeforeEach
    void needsTheAddress() throws IOException {
        assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByAddress(LOOPBACK)) != null, "no ::1 here");
    }

    @Test
    void printsThePeersOfBothProtocolsAndItsOwnAddresses() throws Exception {
        // the same address, written in three ways
        try (GreeterProcess greeter = GreeterProcess.serve(
                folder, "greeting.host=[::1]", "http.host=::1", "management.host=0:0:0:0:0:0:0:1")) {
            assertThat(greeter.lines())
                    .filteredOn(line -> "listening".equals(line.getString("message")))
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line.getString("host")).isEqualTo("::1"));
            String greeted = greet(greeter.greetingPort());
            assertThat(get(greeter.httpPort(), "/")).contains("Hello, World!");
            await().until(() -> peers(greeter).size() == 2);
            assertThat(peers(greeter))
                    .contains(greeted)
                    .allSatisfy(peer -> assertThat(peer).matches("\\[::1]:\\d+"));
            assertThat(greeter.lines())
                    .filteredOn(line -> line.containsKey("peer"))
                    .extracting(line -> line.getString("peer"))
                    .hasSize(2)
                    .contains(greeted);
            assertThat(get(greeter.managementPort(), "/metrics"))
                    .contains("vertx_net_server_active_connections{local=\"[::1]:")
                    .contains("vertx_http_server_active_connections{local=\"[::1]:");
            assertThat(greeter.output()).doesNotContain("0:0:0");
        }
    }

    @Test
    void printsPeersOfIpv4AsSuchWhereItListensForBoth() throws Exception {
        try (GreeterProcess greeter =
                GreeterProcess.serve(folder, "greeting.host=[::]", "http.host=::", "management.host=::")) {
            assertThat(greeter.get(greeter.httpPort(), "/").statusCode()).isEqualTo(200);
            await().until(() -> peers(greeter).size() == 1);
            assertThat(peers(greeter)).allSatisfy(peer -> assertThat(peer).matches("127\\.0\\.0\\.1:\\d+"));
        }
    }

    @Test
    void saysWhereItCannotListen() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(LOOPBACK))) {
            String port = Integer.toString(taken.getLocalPort());
            assertRefused(
                    Map.of("greeting.host", "::1", "greeting.port", port),
                    "cannot listen on [::1]:" + port + " (greeting.host, greeting.port): ");
            assertRefused(
                    Map.of("http.host", "[::1]", "http.port", port),
                    "cannot listen on [::1]:" + port + " (http.host, http.port): ");
            assertRefused(
                    Map.of("management.host", "fe80::1%nowhere"),
                    "cannot listen on [fe80::1%nowhere]:0 (management.host, management.port): no such interface nowhere");
            assertRefused(
                    Map.of(
                            "cluster.enabled", "true",
                            "cluster.host", "::1",
                            "cluster.port", port),
                    "cannot join the cluster: cannot listen on [::1]:" + port + " (cluster.host, cluster.port): ");
        }
    }

    private void assertRefused(Map<String, String> settings, String line) throws Exception {
        Map<String, String> all = new HashMap<>(
                Map.of("greeting.port", "0", "http.port", "0", "management.port", "0", "cluster.eventBusPort", "0"));
        all.putAll(settings);
        List<String> arguments = all.entrySet().stream()
                .flatMap(setting -> Stream.of("--set", setting.getKey() + "=" + setting.getValue()))
                .toList();
        try (GreeterProcess greeter = GreeterProcess.run(folder, arguments)) {
            assertThat(greeter.exitCode()).as(greeter.output()).isEqualTo(1);
            assertThat(greeter.output()).contains(line);
        }
    }

    private List<String> peers(GreeterProcess greeter) throws IOException, InterruptedException {
        String host = greeter.line("listening").getString("host");
        String authority = host.equals("::1") ? "[::1]" : "127.0.0.1";
        return new JsonArray(body("http://" + authority + ":" + greeter.httpPort() + "/exchanges"))
                .stream()
                        .map(exchange -> ((JsonObject) exchange).getString("peer"))
                        .toList();
    }

    private String get(int port, String path) throws IOException, InterruptedException {
        return body("http://[::1]:" + port + path);
    }

    private String body(String url) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Returns the client's own address, as the service is to print it. */
    private static String greet(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByAddress(LOOPBACK), port)) {
            socket.getOutputStream().write("Hello".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("World");
            return "[::1]:" + socket.getLocalPort();
        }
    }
}
