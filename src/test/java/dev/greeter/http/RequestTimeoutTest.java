package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.Config;
import dev.greeter.testing.RawClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that comes slowly, but never stops. */
class RequestTimeoutTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final int PACE_MILLIS = 20;
    private static final String TRICKLE = "x".repeat(2_000);

    private final TestServer server = TestServer.web(Duration.ofSeconds(60), TIMEOUT);
    private TestServer management;

    @BeforeEach
    void start() {
        management = TestServer.management(
                new Config.Faults("open-sesame", List.of(), Duration.ofMinutes(1)), Duration.ofSeconds(60), TIMEOUT);
    }

    @AfterEach
    void stop() {
        management.close();
        server.close();
    }

    static Stream<Arguments> slow() {
        String host = " HTTP/1.1\r\nhost: greeter\r\n";
        String fixed = host + "content-length: 5000\r\n\r\n";
        String chunked = host + "transfer-encoding: chunked\r\n\r\n";
        String chunks = "1\r\nx\r\n".repeat(500);
        return Stream.of(
                Arguments.of("a method", "", "A" + TRICKLE, "refused 408"),
                Arguments.of("a request line", "GET /", TRICKLE, "refused 408"),
                Arguments.of("a field", "GET / HTTP/1.1\r\nhost: ", TRICKLE, "refused 408"),
                Arguments.of("fields", "GET / HTTP/1.1\r\n", "a: b\r\n".repeat(500), "refused 408"),
                Arguments.of("a field for another path", "GET /stats HTTP/1.1\r\nhost: ", TRICKLE, null),
                Arguments.of("a body for the page", "POST /" + fixed, TRICKLE, "refused 408"),
                Arguments.of("a body for HEAD", "HEAD /" + fixed, TRICKLE, "refused 408"),
                Arguments.of("a body for nothing", "GET /nowhere" + fixed, TRICKLE, null),
                Arguments.of("a body for a wrong parameter", "GET /stats?scope=x" + fixed, TRICKLE, null),
                Arguments.of("a body for the bridge", "GET /eventbus/websocket" + fixed, TRICKLE, null),
                Arguments.of(
                        "a body from another origin",
                        "GET /eventbus/websocket HTTP/1.1\r\norigin: https://other.example\r\n" + fixed.substring(11),
                        TRICKLE,
                        null),
                Arguments.of("chunks", "GET /" + chunked, chunks, "refused 408"),
                Arguments.of("chunks for nothing", "OPTIONS /nowhere" + chunked, chunks, null),
                Arguments.of("a chunk", "GET /stats" + chunked + "1000\r\n", TRICKLE, null),
                Arguments.of("a chunk's extension", "GET /" + chunked + "1;", TRICKLE, "refused 408"),
                Arguments.of("a trailer", "GET /" + chunked + "0\r\na: ", TRICKLE, "refused 408"),
                Arguments.of("trailers", "GET /" + chunked + "0\r\n", "a: b\r\n".repeat(500), "refused 408"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("slow")
    void refusesARequestThatIsNotWholeInTime(String what, String first, String slowly, String outcome) {
        String response =
                server.connect().send(first).trickle(slowly, PACE_MILLIS).toEnd();

        assertThat(response)
                .matches("(?s)HTTP/1\\.[01] 408 Request Timeout\r\n.*")
                .contains("\r\nconnection: close\r\n")
                .containsOnlyOnce(" 408 ");
        server.undeploy().await();
        assertThat(server.ledger.outcomes())
                .isEqualTo(Stream.ofNullable(outcome).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /met",
                "GET /livez HTTP/1.1\r\nhost: ",
                "POST /metrics HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5000\r\n\r\n",
                "POST /nowhere HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5000\r\n\r\n",
                "POST /faults HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5000\r\n\r\n",
            })
    void refusesItOnTheManagementPortToo(String first) {
        String response =
                management.connect().send(first).trickle(TRICKLE, PACE_MILLIS).toEnd();

        assertThat(response).matches("(?s)HTTP/1\\.[01] 408 .*").containsOnlyOnce(" 408 ");
    }

    @Test
    void hasTheFullTimeForEachRequestOfAConnection() {
        RawClient client = server.connect();
        String get = "GET / HTTP/1.1\r\nhost: greeter\r\n\r\n";
        for (int i = 0; i < 4; i++) {
            // a third of the timeout, so that all together take longer than it
            client.trickle(get, (int) TIMEOUT.toMillis() / 3 / get.length());
            assertThat(client.response()).startsWith("HTTP/1.1 200 ");
        }
    }

    /** In one read with a whole request, so that no octet of it comes alone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "GET / HT",
                "GET / HTTP/1.1\r\n",
                "GET / HTTP/1.1\r\nhost: gre",
                "GET / HTTP/1.1\r\nhost: greeter\r\n",
                "\r\nGET / HTTP/1.1\r\nhost: greeter\r\na: b\r\n"
            })
    void endsAHeadThatBeganBehindAnotherRequest(String head) {
        String get = "GET / HTTP/1.1\r\nhost: greeter\r\n\r\n";
        // the ledger of this server does not answer: stats come after the read
        String stats = get.replace(" / ", " /stats ");
        for (String before : List.of(get, get + get, stats, get + "\r\n")) {
            assertThat(server.connect().send(before + head).toEnd())
                    .startsWith(before.equals(stats) ? "HTTP/1.1 503 " : "HTTP/1.1 200 ")
                    .containsOnlyOnce(" 408 Request Timeout\r\n");
        }
    }

    /** It is no beginning of a request. */
    @Test
    void waitsAsForAnIdleClientBehindAnEmptyLine() {
        try (TestServer idle = TestServer.web(TIMEOUT, Duration.ofMinutes(1))) {
            assertThat(idle.connect()
                            .send("GET / HTTP/1.1\r\nhost: greeter\r\n\r\n\r\n")
                            .toEnd())
                    .startsWith("HTTP/1.1 200 ")
                    .doesNotContain(" 408 ");
        }
    }

    @Test
    void endsAConnectionAfterItsPipelinedResponses() {
        String responses = server.connect()
                .send(
                        "GET / HTTP/1.1\r\nhost: greeter\r\n\r\nPOST / HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5000\r\n\r\n")
                .trickle(TRICKLE, PACE_MILLIS)
                .toEnd();

        assertThat(responses).startsWith("HTTP/1.1 200 ").contains("HTTP/1.1 408 ");
        server.undeploy().await();
        assertThat(server.ledger.outcomes()).containsExactly("answered", "refused 408");
    }

    @Test
    void releasesTheConnectionsFromTheLimit() {
        for (int i = 0; i < TestServer.MAX_CONNECTIONS; i++) {
            server.connect()
                    .send("POST /nowhere HTTP/1.1\r\nhost: greeter\r\ncontent-length: 50000\r\n\r\n")
                    .trickle(TRICKLE.repeat(20), PACE_MILLIS);
        }
        await().until(() ->
                server.connect().get("/", "connection: close").toEnd().startsWith("HTTP/1.1 200 "));
    }
}
