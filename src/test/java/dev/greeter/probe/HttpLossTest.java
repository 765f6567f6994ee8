package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.client.Url;
import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Target;
import dev.greeter.testing.FakeServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class HttpLossTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final String PAGE = "<!doctype html><h1>Hello, World!</h1>";
    private static final String RIGHT =
            "HTTP/1.1 200 OK\r\nx-greeter-node: greeter-0\r\ncontent-length: " + PAGE.length() + "\r\n\r\n" + PAGE;

    @ParameterizedTest
    @EnumSource(names = {"HTTP", "HTTP_KEEPALIVE"})
    void namesEachLossToTheExchange(Mode mode) throws IOException {
        AtomicInteger requests = new AtomicInteger();
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            while (connection.readHead() != null) {
                switch (requests.getAndIncrement() % 10) {
                    case 1 -> connection.reset();
                    case 2 -> {
                        return;
                    }
                    case 3 -> connection.hold();
                    case 4 -> {
                        connection.write(RIGHT.substring(0, RIGHT.length() - 5));
                        return;
                    }
                    case 5 -> connection.write(RIGHT.replace("Hello", "Howdy"));
                    case 6 -> connection.write("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
                    case 7 -> connection.write("Error bad-greeting expected Hello\n");
                    default -> connection.write(RIGHT);
                }
                if (mode == Mode.HTTP) {
                    return;
                }
            }
        })) {
            ScenarioResult result = Probing.run(mode, Probing.http(server.port()), Load.openCount(200, 100), 50, SHORT);
            assertThat(result.counts().sent()).isEqualTo(100);
            Probing.assertLosses(
                    result,
                    Map.of(
                            Loss.Kind.RESET, 10L,
                            Loss.Kind.CLOSED, 20L,
                            Loss.Kind.TIMEOUT, 10L,
                            Loss.Kind.WRONG, 20L,
                            Loss.Kind.REJECTED, 10L));
            assertThat(result.counts().rejected().keySet()).isSubsetOf("503");
            assertThat(result.counts().answered()).isEqualTo(30);
            assertThat(result.nodes()).singleElement().returns("greeter-0", ScenarioResult.NodeShare::node);
        }
    }

    @Test
    void replacesAConnectionThatIsAskedToCloseWithoutLoss() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            for (int i = 0; i < 4 && connection.readHead() != null; i++) {
                connection.write(i < 3 ? RIGHT : RIGHT.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"));
            }
        })) {
            ScenarioResult result = Probing.run(
                    Mode.HTTP_KEEPALIVE, Probing.http(server.port()), Load.closedCount(400), 1, Probing.TIMEOUT);
            assertThat(result.counts().losses()).isEmpty();
            assertThat(result.counts().answered()).isEqualTo(400);
            assertThat(result.counts().connections()).isEqualTo(100);
        }
    }

    @Test
    void reusesConnectionsThatAreKept() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            while (connection.readHead() != null) {
                connection.write(RIGHT);
            }
        })) {
            ScenarioResult result = Probing.run(
                    Mode.HTTP_KEEPALIVE, Probing.http(server.port()), Load.openCount(2_000, 1_000), 3, Probing.TIMEOUT);
            assertThat(result.counts().answered()).isEqualTo(1_000);
            assertThat(result.counts().connections()).isEqualTo(3);
            assertThat(server.accepted()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP", "HTTP_KEEPALIVE"})
    void reportsWhatComesBehindAResponse(Mode mode) throws IOException {
        for (String excess : List.of("x", "\r\n", RIGHT, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) {
            try (FakeServer server = FakeServer.that((connection, nth) -> {
                while (connection.readHead() != null) {
                    connection.write(nth == 0 ? RIGHT + excess : RIGHT);
                    if (mode == Mode.HTTP) {
                        return;
                    }
                }
            })) {
                Report report = Probing.run(
                        Probing.plan(mode, Probing.http(server.port()), Load.openCount(100, 10), 1, Probing.TIMEOUT));
                ScenarioResult result = report.results().get(0);
                assertThat(result.counts().answered()).isEqualTo(10);
                assertThat(result.counts().unsolicited()).as(excess).isEqualTo(1);
                assertThat(result.counts().connections()).isEqualTo(mode == Mode.HTTP ? 10 : 2);
                assertThat(report.isWithinLimits()).isFalse();
            }
        }
    }

    @Test
    void reportsAnAnswerOnAnIdleConnection() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            while (connection.readHead() != null) {
                connection.write(RIGHT);
                if (nth == 0) {
                    connection.write("HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n");
                }
            }
        })) {
            ScenarioResult result = Probing.run(
                    Mode.HTTP_KEEPALIVE, Probing.http(server.port()), Load.openCount(5, 5), 1, Probing.TIMEOUT);
            assertThat(result.counts().unsolicited()).isEqualTo(1);
            assertThat(result.counts().lost()).isZero();
        }
    }

    /** What a response may look like (RFC 9112), and what the probe says of it. */
    static Stream<Arguments> responses() {
        String head = "HTTP/1.1 200 OK\r\n";
        String chunked = head + "transfer-encoding: chunked\r\n\r\n";
        return Stream.of(
                Arguments.of("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + RIGHT, ""),
                Arguments.of(chunked + "25;a=b\r\n" + PAGE + "\r\n0\r\nx-trailer: y\r\n\r\n", ""),
                Arguments.of(head + "\r\n" + PAGE, ""),
                Arguments.of("HTTP/1.0 200 OK\r\n\r\n" + PAGE, ""),
                Arguments.of(
                        head + "x-large: " + "x".repeat(60_000) + "\r\ncontent-length: " + PAGE.length() + "\r\n\r\n"
                                + PAGE,
                        ""),
                Arguments.of(
                        head + "x-large: " + "x".repeat(70_000) + "\r\ncontent-length: " + PAGE.length() + "\r\n\r\n"
                                + PAGE,
                        "the response's head is over 65536 octets"),
                Arguments.of("HTTP/1.1 200 " + "x".repeat(70_000), "the response's head is over 65536 octets"),
                Arguments.of(chunked + "25\r\n" + PAGE + "xx", "the response's framing is broken"),
                Arguments.of(chunked + "zz\r\n" + PAGE, "the response's framing is broken"),
                Arguments.of(head + "content-length: 1\r\ncontent-length: 2\r\n\r\nab", "answered no HTTP"),
                Arguments.of(head + "content-length: -1\r\n\r\n", "answered no HTTP"),
                Arguments.of(
                        "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n",
                        "switched protocols, which nobody asked"),
                Arguments.of("World\n", "answered no HTTP"),
                Arguments.of("HTTP/1.1 OK\r\n\r\n", "answered no HTTP"),
                Arguments.of(head + "content-le", "closed before the answer"),
                Arguments.of(
                        head + "content-length: " + PAGE.length() + "\r\n\r\n" + PAGE.substring(1),
                        "closed before the answer"),
                Arguments.of(chunked + "25\r\n" + PAGE + "\r\n", "closed before the answer"));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void readsResponsesAsTheStandardHasThem(String response, String why) throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.readHead();
            connection.write(response);
        })) {
            for (Mode mode : List.of(Mode.HTTP, Mode.HTTP_KEEPALIVE)) {
                ScenarioResult result =
                        Probing.run(mode, Probing.http(server.port()), Load.openCount(100, 1), 1, Probing.TIMEOUT);
                assertThat(result.outages())
                        .as(mode.label())
                        .extracting(outage -> outage.loss().why())
                        .isEqualTo(why.isEmpty() ? List.of() : List.of(why));
                assertThat(result.counts().answered()).isEqualTo(why.isEmpty() ? 1 : 0);
            }
        }
    }

    @Test
    void namesTlsThatIsNone() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.read(1);
            connection.write("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        })) {
            ScenarioResult result = Probing.run(
                    Mode.HTTP,
                    Target.http(Url.parse("https://127.0.0.1:" + server.port())),
                    Load.openCount(200, 20),
                    1,
                    Probing.TIMEOUT);
            Probing.assertLosses(result, Map.of(Loss.Kind.TLS, 20L));
            assertThat(result.counts().tls()).isEqualTo(Map.of("no-tls", 20L));
        }
    }
}
