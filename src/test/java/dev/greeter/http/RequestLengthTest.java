package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.Config;
import dev.greeter.testing.RawClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request without end, sent as fast as the server reads it. */
class RequestLengthTest {
    private static final String CHUNKED = " HTTP/1.1\r\nhost: greeter\r\ntransfer-encoding: chunked\r\n\r\n";

    /** Endless for this test: more than the kernel and the server hold together. */
    private static final int ENDLESS_OCTETS = 20_000_000;

    private static TestServer web;
    private static TestServer management;

    @BeforeAll
    static void start() {
        web = TestServer.web();
        management = TestServer.management(new Config.Faults("open-sesame", List.of(), Duration.ofMinutes(1)));
    }

    @AfterAll
    static void stop() {
        web.close();
        management.close();
    }

    /** The server drops the input of earlier clients for a moment after they went. */
    @BeforeEach
    void awaitRoom() {
        await().until(() -> web.ledger.connections() == 0);
    }

    static Stream<String> requests() {
        return Stream.of(
                "GET /",
                "POST /",
                "HEAD /",
                "OPTIONS /stats",
                "GET /nowhere",
                "PUT /exchanges",
                "GET /stats?x=1",
                "GET /eventbus",
                "POST /eventbus/info",
                "GET /eventbus/websocket",
                "GET /eventbus/a/b/websocket");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void refusesAnEndlessBodyOnEachPath(String request) {
        assertThat(endless(web, request + CHUNKED, "1000\r\n" + "x".repeat(0x1000) + "\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /metrics", "POST /livez", "POST /faults", "DELETE /faults", "GET /nowhere"})
    void refusesAnEndlessBodyOnTheManagementPort(String request) {
        assertThat(endless(management, request + CHUNKED, "1000\r\n" + "x".repeat(0x1000) + "\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void countsTheOverheadOfChunks() {
        assertThat(endless(web, "GET /" + CHUNKED, "1\r\nx\r\n")).startsWith("HTTP/1.1 413 ");
        assertThat(endless(web, "GET /" + CHUNKED, "1;" + "e".repeat(4_000) + "\r\nx\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void refusesAnEndlessExtensionAndEndlessTrailers() {
        assertThat(endless(web, "GET /" + CHUNKED + "1;", "e")).startsWith("HTTP/1.1 400 ");
        assertThat(endless(web, "GET /" + CHUNKED + "0\r\n", "a: b\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void refusesMoreThanAHundredHeaders(String request) {
        try (RawClient client = web.connect()) {
            client.send(request + " HTTP/1.1\r\nhost: greeter\r\n" + "a:\r\n".repeat(100) + "\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 431 ").contains("\r\nconnection: close\r\n");
        }
    }

    @Test
    void countsTheHeadersOfEachRequest() {
        try (RawClient client = web.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.1\r\nhost: greeter\r\n" + "a:\r\n".repeat(99) + "\r\n");
                assertThat(client.response()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void countsTrailersAsHeaders() {
        try (RawClient client = web.connect()) {
            client.send("GET /" + CHUNKED + "0\r\n" + "a:\r\n".repeat(98) + "\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 200 ");
            client.send("GET /" + CHUNKED + "0\r\n" + "a:\r\n".repeat(99) + "\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 400 ").contains("\r\nconnection: close\r\n");
        }
    }

    @Test
    void refusesABodyThatIsTooLongBeforeContinue() {
        try (RawClient client = web.connect()) {
            client.request("POST / HTTP/1.1", "host: greeter", "content-length: 65537", "expect: 100-continue");
            assertThat(client.response()).startsWith("HTTP/1.1 413 ").contains("\r\nconnection: close\r\n");
        }
    }

    @Test
    void refusesAHugeLength() {
        try (RawClient client = web.connect()) {
            assertThat(client.request("POST / HTTP/1.1", "host: greeter", "content-length: 9223372036854775807")
                            .response())
                    .startsWith("HTTP/1.1 413 ");
        }
    }

    @ParameterizedTest
    @MethodSource("requests")
    void keepsAConnectionWhoseBodyWasWhole(String request) {
        try (RawClient client = web.connect()) {
            client.request(request + " HTTP/1.1", "host: greeter", "content-length: 65536")
                    .send("x".repeat(65_536));
            String head = client.head();
            assertThat(head).doesNotContain("connection: close");
            client.octets(request.startsWith("HEAD") ? 0 : length(head));

            assertThat(client.get("/").response()).startsWith("HTTP/1.1 200 ");
        }
    }

    private static int length(String head) {
        return head.lines()
                .filter(line -> line.startsWith("content-length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("content-length: ".length())))
                .findFirst()
                .orElse(0);
    }

    private static String endless(TestServer server, String first, String more) {
        try (RawClient client = server.connect()) {
            client.sendInBackground(first + more.repeat(ENDLESS_OCTETS / more.length()));
            return client.head();
        }
    }
}
