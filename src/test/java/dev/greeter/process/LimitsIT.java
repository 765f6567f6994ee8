package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever clients do within the limits, and beyond them, the process lives and says how it is. */
class LimitsIT {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    /** Of each protocol; with {@code -Dgreeter.connections=9500} as many as the defaults allow where there is memory. */
    private static final int CONNECTIONS = Integer.getInteger("greeter.connections", 1_500);

    private final List<Socket> clients = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void leave() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        clients.clear();
    }

    @Test
    void answersProbesWhenClientsWantMoreDescriptorsThanThereAre() throws Exception {
        List<String> shell = List.of("sh", "-c", "ulimit -n 200 && exec \"$@\"", "sh");
        try (GreeterProcess greeter = GreeterProcess.serveBy(shell, folder)) {
            JsonObject lowered = greeter.line("connection limits lowered to what the process has");
            assertThat(lowered.getString("cause")).isEqualTo("file descriptors");
            for (int i = 0; i < 500; i++) {
                connect(greeter.greetingPort(), "GREETING/2\n");
                connect(greeter.httpPort(), "GET / HTTP/1.1\r\n");
            }
            assertHealthy(greeter);
            leave();
            awaitGreeted(greeter);
            assertThat(greeter.output()).doesNotContain("Too many open files").doesNotContain("stack_trace");
        }
    }

    /** As if another thread of the process, or its supervisor, had taken them, so that the limits do not fit any more. */
    @Test
    void acceptsAgainWhenDescriptorsHadRunOutUnderIt() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            awaitGreeted(greeter);
            limitDescriptors(greeter, greeter.proc().descriptors() + 20);
            for (int i = 0; i < 100; i++) {
                connect(greeter.greetingPort(), "GREETING/2\n");
                connect(greeter.httpPort(), "GET / HTTP/1.1\r\n");
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> !isGreeted(greeter.greetingPort()));
            leave();
            awaitGreeted(greeter);
            assertHealthy(greeter);
            assertThat(greeter.output().split("stack_trace", -1))
                    .as(greeter.output())
                    .hasSize(1);
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
        }
    }

    private static void limitDescriptors(GreeterProcess greeter, int most) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(
                                Machine.program("prlimit"), "--pid=" + greeter.pid(), "--nofile=" + most + ":" + most)
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void answersProbesWhenOthersConnectToTheirPortAndAreSilent() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            for (int i = 0; i < 1_000; i++) {
                connect(greeter.managementPort(), "");
            }
            assertHealthy(greeter);
        }
    }

    @Test
    void servesOthersWhenOneClientTakesAllThatItMay() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(
                folder,
                "greeting.maxConnections=20",
                "http.maxConnections=20",
                "peers.maxConnections=10",
                "peers.maxConnectsPerSecond=1000")) {
            for (int i = 0; i < 40; i++) {
                connect(greeter.greetingPort(), "GREETING/2\n");
                connect(greeter.httpPort(), "GET / HTTP/1.1\r\nhost: a\r\n\r\n");
            }
            await().until(() -> !isGreeted(greeter.greetingPort()));
            assertThat(asked("127.0.0.1", greeter.greetingPort(), "Hello")).startsWith("Error busy ");
            assertThat(asked("127.0.0.1", greeter.httpPort(), "GET / HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.0 503 ");
            assertThat(asked("127.0.0.2", greeter.greetingPort(), "Hello")).isEqualTo("World");
            assertThat(asked("127.0.0.2", greeter.httpPort(), "GET / HTTP/1.0\r\n\r\n"))
                    .startsWith("HTTP/1.0 200 ");
            leave();
            awaitGreeted(greeter);
        }
    }

    /** From one of this machine's loopback addresses. */
    private static String asked(String from, int port, String said) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port, InetAddress.getByName(from), 0)) {
            socket.setSoTimeout(CONNECT_TIMEOUT_MILLIS);
            socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void livesWithAllTheIdleConnectionsThatItLetsIn() throws Exception {
        survives("GREETING/2\nHello\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void livesWithAllTheHalfRequestsThatItLetsIn() throws Exception {
        survives("GREETING/2\n" + "x".repeat(250), "GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(8_000));
    }

    @Test
    void livesWithClientsThatAskAndNeverRead() throws Exception {
        survives("GREETING/2\n" + "Who\n".repeat(50_000), "GET /dashboard HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20));
    }

    @Test
    void endsWithACodeOfItsOwnWhenMemoryHasRunOut() throws Exception {
        List<String> options = List.of("-XX:MaxDirectMemorySize=1m", "-XX:+UseSerialGC");
        try (GreeterProcess greeter = GreeterProcess.start(folder, options)) {
            greeter.awaitReady();
            int port = greeter.greetingPort();
            for (int i = 0; i < 200 && greeter.isAlive(); i++) {
                connect(port, "GREETING/2\n" + "Who\n".repeat(10_000));
            }
            assertThat(greeter.exitCode()).as(greeter.output()).isEqualTo(4);
            assertThat(greeter.output()).contains("memory has run out");
        }
    }

    /** In the heap of the manifests' pod, or in a smaller one for fewer connections. */
    private void survives(String greeting, String http) throws Exception {
        int heap = CONNECTIONS > 1_500 ? 128 : 64;
        List<String> options =
                List.of("-Xmx" + heap + "m", "-XX:MaxDirectMemorySize=" + heap * 3 / 8 + "m", "-XX:+UseSerialGC");
        try (GreeterProcess greeter = GreeterProcess.start(folder, options)) {
            greeter.awaitReady();
            for (int i = 0; i < CONNECTIONS; i++) {
                connect(greeter.greetingPort(), greeting);
                connect(greeter.httpPort(), http);
            }
            assertHealthy(greeter);
            leave();
            awaitGreeted(greeter);
            greeter.signal("TERM");
            // of thousands of resets at once the kernel may drop a few, and the service waits for these clients until
            // the grace ends
            assertThat(greeter.exitCode()).as(greeter.output()).isIn(0, 3);
            assertThat(greeter.output()).doesNotContain("OutOfMemory").doesNotContain("OutOfDirectMemory");
        }
    }

    /** As the kubelet has it, which lets a probe fail once or twice. */
    private static void assertHealthy(GreeterProcess greeter) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertHealthyNow(greeter));
    }

    private static void assertHealthyNow(GreeterProcess greeter) throws IOException, InterruptedException {
        int port = greeter.managementPort();
        for (String path : List.of("/livez", "/readyz", "/startupz", "/metrics")) {
            // a connection of its own each time, as the kubelet does
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
        }
    }

    private static void awaitGreeted(GreeterProcess greeter) {
        await().atMost(Duration.ofSeconds(30)).until(() -> isGreeted(greeter.greetingPort()));
    }

    private static boolean isGreeted(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(CONNECT_TIMEOUT_MILLIS);
            socket.getOutputStream().write("Hello".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).equals("World");
        } catch (IOException turnedAway) {
            return false;
        }
    }

    /** A client that stays, if it is let in; it says this as far as somebody takes it, and reads nothing. */
    private void connect(int port, String said) throws IOException {
        Socket socket = new Socket();
        clients.add(socket);
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_TIMEOUT_MILLIS);
            socket.setSendBufferSize(1 << 20);
            socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException turnedAway) {
            // what matters is how the others fare
        }
    }
}
