package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.client.Url;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpLossTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final String PAGE = "<!doctype html><h1>Hello, World!</h1>";
    private static final String RIGHT =
            "HTTP/1.1 200 OK\r\nx-greeter-node: greeter-0\r\ncontent-length: " + PAGE.length() + "\r\n\r\n" + PAGE;

    @ParameterizedTest
    @EnumSource(names = {"HTTP", "HTTP_KEEPALIVE"})
    void namesEachLossToTheExchange(Form form) throws IOException {
        AtomicInteger requests = new AtomicInteger();
        try (FakeServer server = new FakeServer((connection, nth) -> {
            while (connection.hearRequest() != null) {
                switch (requests.getAndIncrement() % 10) {
                    case 1 -> connection.reset();
                    case 2 -> {
                        return;
                    }
                    case 3 -> connection.stall();
                    case 4 -> {
                        connection.say(RIGHT.substring(0, RIGHT.length() - 5));
                        return;
                    }
                    case 5 -> connection.say(RIGHT.replace("Hello", "Howdy"));
                    case 6 -> connection.say("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
                    case 7 -> connection.say("Error bad-greeting expected Hello\n");
                    default -> connection.say(RIGHT);
                }
                if (form == Form.HTTP) {
                    return;
                }
            }
        })) {
            RowReport row = Probing.run(form, Probing.http(server.port()), Load.openCount(200, 100), 50, SHORT);
            assertThat(row.sent()).isEqualTo(100);
            assertThat(row.losses())
                    .isEqualTo(Map.of(
                            Loss.Kind.RESET, 10L,
                            Loss.Kind.CLOSED, 20L,
                            Loss.Kind.TIMEOUT, 10L,
                            Loss.Kind.WRONG, 20L,
                            Loss.Kind.REJECTED, 10L));
            assertThat(row.rejected()).isEqualTo(Map.of("503", 10L));
            assertThat(row.answered()).isEqualTo(30);
            assertThat(row.nodes()).singleElement().returns("greeter-0", RowReport.NodeShare::node);
        }
    }

    @Test
    void replacesAConnectionThatIsToldToCloseWithoutLoss() throws IOException {
        try (FakeServer server = new FakeServer((connection, nth) -> {
            for (int i = 0; i < 4 && connection.hearRequest() != null; i++) {
                connection.say(i < 3 ? RIGHT : RIGHT.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"));
            }
        })) {
            RowReport row = Probing.run(
                    Form.HTTP_KEEPALIVE, Probing.http(server.port()), Load.closedCount(400), 1, Probing.TIMEOUT);
            assertThat(row.losses()).isEmpty();
            assertThat(row.answered()).isEqualTo(400);
            assertThat(row.connections()).isEqualTo(100);
        }
    }

    @Test
    void reusesConnectionsThatAreKept() throws IOException {
        try (FakeServer server = new FakeServer((connection, nth) -> {
            while (connection.hearRequest() != null) {
                connection.say(RIGHT);
            }
        })) {
            RowReport row = Probing.run(
                    Form.HTTP_KEEPALIVE, Probing.http(server.port()), Load.openCount(2_000, 1_000), 3, Probing.TIMEOUT);
            assertThat(row.answered()).isEqualTo(1_000);
            assertThat(row.connections()).isEqualTo(3);
            assertThat(server.accepted()).isEqualTo(3);
        }
    }

    @Test
    void namesTlsThatIsNone() throws IOException {
        try (FakeServer server = new FakeServer((connection, nth) -> {
            connection.hear(1);
            connection.say("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        })) {
            RowReport row = Probing.run(
                    Form.HTTP,
                    Endpoint.http(Url.parse("https://127.0.0.1:" + server.port())),
                    Load.openCount(200, 20),
                    1,
                    Probing.TIMEOUT);
            assertThat(row.losses()).isEqualTo(Map.of(Loss.Kind.TLS, 20L));
        }
    }
}
