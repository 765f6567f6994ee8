package dev.greeter.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that stands still, as under a throttled CPU or a live migration: its deadlines stand still with it. */
@Timeout(300)
class PauseIT {
    private static final String TIMEOUT = "4s";

    /** Longer than the timeout; half a minute with {@code -Dgreeter.pause=30}. */
    private static final Duration PAUSE = Duration.ofSeconds(Integer.getInteger("greeter.pause", 6));

    private static final String WITH_BODY = "GET / HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5\r\n\r\n";
    private static final int READ_TIMEOUT_MILLIS = 20_000;

    @TempDir
    Path folder;

    @Test
    void answersAllThatSaidHelloMeanwhile() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (GreeterProcess greeter = GreeterProcess.serve(
                folder, "greeting.handshakeTimeout=" + TIMEOUT, "greeting.idleTimeout=" + TIMEOUT)) {
            // the first answer takes its time
            assertThat(connections(greeter)).isZero();
            List<String> said = List.of("Hello", "GREETING/2\nHello\nHello 7f3a\n");
            for (int i = 0; i < 10; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), greeter.greetingPort());
                client.setSoTimeout(READ_TIMEOUT_MILLIS);
                clients.add(client);
            }
            await().pollInterval(Duration.ofMillis(50)).until(() -> connections(greeter) == clients.size());
            greeter.signal("STOP");
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).getOutputStream().write(said.get(i % 2).getBytes(ISO_8859_1));
            }
            await().atMost(PAUSE.multipliedBy(2)).pollDelay(PAUSE).until(() -> true);
            greeter.signal("CONT");
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).shutdownOutput();
                assertThat(clients.get(i).getInputStream().readAllBytes())
                        .asString(ISO_8859_1)
                        .isEqualTo(i % 2 == 0 ? "World" : "GREETING/2\nWorld\nWorld 7f3a\n");
            }
            await().untilAsserted(() -> assertThat(greeter.totals("greeting"))
                    .isEqualTo(Map.of("answered", 15, "refused", 0, "failed", 0)));
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void answersAllThatAskedMeanwhile() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (GreeterProcess greeter =
                GreeterProcess.serve(folder, "http.idleTimeout=" + TIMEOUT, "http.requestTimeout=" + TIMEOUT)) {
            List<String> before = List.of("", "GET / HTTP/1.1\r\nhost: gre", WITH_BODY + "Hel");
            List<String> meanwhile = List.of("GET / HTTP/1.1\r\nhost: greeter\r\n\r\n", "eter\r\n\r\n", "lo");
            for (int i = 0; i < 9; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), greeter.httpPort());
                client.setSoTimeout(READ_TIMEOUT_MILLIS);
                clients.add(client);
                client.getOutputStream().write(before.get(i % 3).getBytes(ISO_8859_1));
            }
            greeter.signal("STOP");
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).getOutputStream().write(meanwhile.get(i % 3).getBytes(ISO_8859_1));
            }
            await().atMost(PAUSE.multipliedBy(2)).pollDelay(PAUSE).until(() -> true);
            greeter.signal("CONT");
            for (Socket client : clients) {
                client.shutdownOutput();
                assertThat(client.getInputStream().readAllBytes())
                        .asString(ISO_8859_1)
                        .startsWith("HTTP/1.1 200 OK\r\n");
            }
            await().untilAsserted(() ->
                    assertThat(greeter.totals("http")).isEqualTo(Map.of("answered", 9, "refused", 0, "failed", 0)));
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    /** With the JDK's client, which goes on sending at a rate that is within the limit. */
    @Test
    void takesTheMessagesThatCameMeanwhileForWhatTheyAre() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket.Listener listener = new WebSocket.Listener() {
            @Override
            public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer message, boolean last) {
                socket.request(1);
                heard.add(UTF_8.decode(message).toString());
                return null;
            }

            @Override
            public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                heard.add(status + " " + reason);
                return null;
            }
        };
        try (GreeterProcess greeter = GreeterProcess.serve(folder, "bridge.maxMessagesPerSecond=20")) {
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + greeter.httpPort() + "/eventbus/websocket"), listener)
                    .join();
            greeter.signal("STOP");
            long until = System.nanoTime() + PAUSE.toNanos();
            while (System.nanoTime() - until < 0) {
                socket.sendText("{\"type\":\"ping\"}", true).join();
                await().pollDelay(Duration.ofMillis(100)).until(() -> true);
            }
            greeter.signal("CONT");
            socket.sendText(
                            "{\"type\":\"send\",\"address\":\"greeter.stats\",\"replyAddress\":\"1\",\"body\":{\"scope\":\"node\"}}",
                            true)
                    .join();
            assertThat(heard.poll(READ_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)).startsWith("{\"type\":\"rec\"");
            socket.abort();
        }
    }

    private static int connections(GreeterProcess greeter) throws IOException, InterruptedException {
        return (int) greeter.get(greeter.managementPort(), "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("greeter_connections{protocol=\"greeting\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }
}
