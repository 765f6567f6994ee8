package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.RawClient;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.web();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static Stream<Arguments> malformed() {
        String endless = "x".repeat(200_000);
        return Stream.of(
                Arguments.of("no words", "Hello\r\n\r\n", 400, "refused 400"),
                Arguments.of("TLS", "\u0016\u0003\u0001\u0002\r\n\r\n", 400, "refused 400"),
                Arguments.of("another version", "GET / HTTP/2.0\r\n\r\n", 505, "refused 505"),
                Arguments.of("another protocol", "GET / GREETING/2.0\r\n\r\n", 400, "refused 400"),
                Arguments.of("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, null),
                Arguments.of(
                        "a line of another version with two blanks", "GET  / HTTP/5.1\r\n\r\n", 400, "refused 400"),
                Arguments.of(
                        "a blank in a name, in another protocol",
                        "GET / ICAP/1.0\r\nho st: greeter\r\n\r\n",
                        400,
                        "refused 400"),
                Arguments.of("a blank in a name", "GET / HTTP/1.1\r\nho st: greeter\r\n\r\n", 400, "refused 400"),
                Arguments.of(
                        "a length that is none", "GET / HTTP/1.1\r\ncontent-length: -1\r\n\r\n", 400, "refused 400"),
                Arguments.of(
                        "a malformed request for another path", "GET /stats HTTP/1.1\r\na b: c\r\n\r\n", 400, null),
                Arguments.of(
                        "an endless chunk extension",
                        "POST / HTTP/1.1\r\nhost: greeter\r\ntransfer-encoding: chunked\r\n\r\n5;" + endless,
                        400,
                        "refused 400"),
                Arguments.of("an endless line", "GET /" + endless, 414, "refused 414"),
                Arguments.of("an endless header", "GET / HTTP/1.1\r\nhost: " + endless, 431, "refused 431"),
                Arguments.of("an endless header for another path", "GET /stats HTTP/1.1\r\nx: " + endless, 431, null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refusesAndCountsARequestThatMayBeForThePage(String what, String octets, int status, String outcome) {
        RawClient client = server.connect();
        client.sendInBackground(octets);
        String response = client.toEnd();

        assertThat(response.lines().findFirst().orElseThrow()).matches("HTTP/1\\.[01] " + status + " .*");
        assertThat(response)
                .contains("\r\ncontent-type: application/problem+json\r\n")
                .contains("\r\nconnection: close\r\n")
                .contains("\r\nx-greeter-node: greeter-0\r\n");
        server.undeploy().await();
        if (outcome == null) {
            assertThat(server.ledger.outcomes()).isEmpty();
        } else {
            assertThat(server.ledger.outcomes()).containsExactly(outcome);
        }
    }
}
