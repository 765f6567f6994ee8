package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.Config;
import dev.greeter.faults.Fault;
import dev.greeter.faults.FaultKind;
import dev.greeter.faults.Faults;
import dev.greeter.testing.RawClient;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ActiveRequestsTest {
    static Stream<Arguments> requests() {
        String head = " HTTP/1.1\r\nhost: greeter\r\n";
        return Stream.of(
                Arguments.of("a page", "GET /" + head + "\r\n"),
                Arguments.of("a page's head", "HEAD /" + head + "\r\n"),
                Arguments.of(
                        "a body that does not come, where nothing is", "POST /x" + head + "content-length: 9\r\n\r\n"),
                Arguments.of("a body that does not come", "POST /" + head + "content-length: 9\r\n\r\n"),
                Arguments.of("half a body", "POST /livez" + head + "content-length: 9\r\n\r\nabc"),
                Arguments.of(
                        "a body that is asked for",
                        "GET /" + head + "expect: 100-continue\r\ncontent-length: 9\r\n\r\n"),
                Arguments.of(
                        "a body over the limit",
                        "POST /" + head + "content-length: 90000\r\n\r\n" + "x".repeat(70_000)),
                Arguments.of("no chunk", "POST /" + head + "transfer-encoding: chunked\r\n\r\nxyz\r\n"),
                Arguments.of(
                        "no chunk, where nothing is", "POST /x" + head + "transfer-encoding: chunked\r\n\r\nxyz\r\n"),
                Arguments.of("no request", "Hello\r\n\r\n"),
                Arguments.of("half a head", "GET /" + head),
                Arguments.of("a request that is refused", "GET / HTTP/1.1\r\n\r\nGET /" + head + "\r\n"),
                Arguments.of("pipelined", ("GET /" + head + "\r\n").repeat(20)),
                Arguments.of("answers of a turn", ("GET /stats" + head + "\r\n").repeat(20)),
                Arguments.of("scrapes", ("GET /metrics" + head + "\r\n").repeat(20)),
                Arguments.of("a long answer", ("GET /dashboard" + head + "\r\n").repeat(200)),
                Arguments.of(
                        "a WebSocket",
                        "GET /eventbus/websocket" + head + "upgrade: websocket\r\nconnection: upgrade\r\n"
                                + "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void areNoneOnceTheirClientsAreGone(String what, String octets) {
        check(TestServer.web(), octets);
        check(TestServer.management(new Config.Faults("", List.of(), Duration.ofMinutes(1))), octets);
    }

    private static void check(TestServer server, String octets) {
        try (server) {
            for (int time = 0; time < 8; time++) {
                leave(server, octets, time);
            }
            server.undeploy().await();

            // a channel is closed a turn before its handlers hear of it
            await().untilAsserted(() -> assertThat(server.activeRequests()).isZero());
        }
    }

    /** By a reset each second time, before or after an answer began. */
    private static void leave(TestServer server, String octets, int time) {
        try (RawClient client = new RawClient(server.port())) {
            client.sendInBackground(octets);
            if (time % 4 < 2) {
                client.isAnswered();
            }
            if (time % 2 == 0) {
                client.reset();
            }
        } catch (UncheckedIOException wasClosed) {
            assertThat(wasClosed).hasCauseInstanceOf(SocketException.class);
        }
    }

    /** Decoded, each would take twenty times its octets until the response before it is written. */
    @Test
    void areFewOfThoseBehindOneWithoutAResponse() {
        Duration hour = Duration.ofHours(1);
        Faults faults = new Faults("http");
        faults.add(new Fault(FaultKind.STALL, 100, hour, Duration.ZERO));
        String request = "GET / HTTP/1.1\r\nhost:\r\n\r\n";
        try (TestServer server = TestServer.web(faults, Duration.ofMillis(100))) {
            server.connect().sendInBackground(request.repeat(1_000));
            await().until(() -> server.activeRequests() > 0);
            // the same event loop has done with what it had read before it
            assertThat(server.connect().get("/nowhere", "connection: close").toEnd())
                    .startsWith("HTTP/1.1 404 ");

            assertThat(server.activeRequests()).isLessThanOrEqualTo(512 / request.length() + 1);
        }
    }

    @Test
    void areThoseThatAreReadAndNotAnswered() {
        try (TestServer server = TestServer.web()) {
            RawClient client = server.connect();
            client.request("POST / HTTP/1.1", "host: greeter", "content-length: 5");
            await().until(() -> server.activeRequests() == 1);

            client.send("Hello").response();

            assertThat(server.activeRequests()).isZero();
        }
    }
}
