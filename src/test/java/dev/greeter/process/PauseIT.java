package dev.greeter.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that stands still, as under a throttled CPU or a live migration: its deadlines stand still with it. */
class PauseIT {
    private static final String TIMEOUT = "4s";
    private static final Duration PAUSE = Duration.ofSeconds(6);
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
            await().pollDelay(PAUSE).until(() -> true);
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
            await().pollDelay(PAUSE).until(() -> true);
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
