package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.RawClient;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Octets that come after the last answer. */
class LingerTest {
    @Test
    void readsTrailingOctetsSoThatNoResetEatsTheAnswer() throws Exception {
        int clients = 300;
        String trailing = "x".repeat(3_000);
        ExecutorService threads = Executors.newFixedThreadPool(30);
        try (Server server = new Server()) {
            List<Callable<String>> greetings = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                greetings.add(() -> {
                    try (RawClient peer = new RawClient(server.port())) {
                        peer.send("Hello").send(trailing.substring(0, 1_500)).send(trailing.substring(1_500));
                        return peer.rest();
                    }
                });
            }
            for (java.util.concurrent.Future<String> heard : threads.invokeAll(greetings)) {
                assertThat(heard.get()).isEqualTo("World");
            }
            server.awaitTally(clients, 0, 0);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void answersWhatComesAfterTheAnswerByNoReset() {
        try (Server server = new Server();
                RawClient peer = new RawClient(server.port())) {
            assertThat(peer.send("Hello").rest()).isEqualTo("World");
            // a reset would fail the second or the third, as loopback delivers it within the first
            peer.send("x".repeat(1_000)).send("x".repeat(1_000)).send("x".repeat(1_000));
            server.awaitTally(1, 0, 0);
        }
    }

    @Test
    void endsAConnectionThatSendsForEverAfterTheAnswer() {
        try (Server server = new Server();
                RawClient peer = new RawClient(server.port())) {
            peer.send("Hello");
            assertThat(peer.rest()).isEqualTo("World");
            byte[] chunk = new byte[64 * 1024];
            await().untilAsserted(
                            () -> assertThatThrownBy(() -> peer.send(chunk)).hasCauseInstanceOf(SocketException.class));
        }
    }
}
