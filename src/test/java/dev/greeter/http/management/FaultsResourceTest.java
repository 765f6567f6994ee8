package dev.greeter.http.management;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.greeter.config.Config;
import dev.greeter.faults.Faults;
import dev.greeter.http.QuietLog;
import dev.greeter.http.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class FaultsResourceTest {
    private static final String KNOWN = "authorization: Bearer open-sesame";

    private final TestServer server =
            TestServer.management(new Config.Faults("open-sesame", List.of(), Duration.ofMinutes(1)));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void doesNotExistWithoutAToken() {
        try (TestServer without = TestServer.management(List.of(), List.of())) {
            String response = request(without, "POST", KNOWN, "{}");
            assertThat(response).startsWith("HTTP/1.1 404 ").isEqualTo(request(without, "POST", KNOWN, "{}"));
            assertThat(without.connect().get("/faults").response()).startsWith("HTTP/1.1 404 ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "x-other: 1",
        "authorization: Basic b3Blbi1zZXNhbWU=",
        "authorization: Bearer open-sesamE",
        "authorization: Bearer open-sesame1",
        "authorization: Bearer"
    })
    void requiresTheToken(String header) {
        // as many wrong tokens as are compared at once
        for (String method : new String[] {"GET", "POST", "DELETE"}) {
            assertThat(request(server, method, header, fault("greeting", "reset", 10)))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("\r\nwww-authenticate: Bearer realm=\"greeter\"")
                    .contains("\r\ncontent-type: application/problem+json\r\n")
                    .doesNotContain("sesame");
        }
        assertThat(active()).isEmpty();
    }

    @Test
    void refusesTokensOfAnAddressThatHasPresentedTooManyWrongOnes() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(TokenAttempts.class);
        log.start();
        logger.addAppender(log);
        try {
            long began = System.nanoTime();
            int wrong = TokenAttempts.BURST * 4;
            for (int i = 0; i < wrong; i++) {
                request(server, "GET", "authorization: Bearer wrong-sesame", "");
            }
            // on a busy machine one more may be accepted meanwhile
            await().untilAsserted(() -> {
                request(server, "GET", "authorization: Bearer wrong-sesame", "");
                assertThat(request(server, "GET", KNOWN, ""))
                        .startsWith("HTTP/1.1 429 ")
                        .contains("\r\nretry-after: 1\r\n")
                        .contains("Too many wrong tokens came from this address.");
            });
            assertThat(requestFrom("127.0.0.2", KNOWN)).startsWith("HTTP/1.1 200 ");
            assertThat(requestFrom("127.0.0.2", "authorization: Bearer wrong")).startsWith("HTTP/1.1 401 ");
            await().untilAsserted(
                            () -> assertThat(request(server, "GET", KNOWN, "")).startsWith("HTTP/1.1 200 "));
            await().untilAsserted(() -> assertThat(attempts(log)).isGreaterThan(wrong));
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            assertThat(log.list.size()).as("lines").isLessThanOrEqualTo((int) seconds + 2);
            assertThat(log.list.toString()).doesNotContain("sesame");
        } finally {
            logger.detachAppender(log);
        }
    }

    private static int attempts(ListAppender<ILoggingEvent> log) {
        return log.list.stream()
                .mapToInt(event -> (Integer) event.getKeyValuePairs().get(0).value)
                .sum();
    }

    private String requestFrom(String address, String header) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port(), InetAddress.getByName(address), 0)) {
            String request = "GET /faults HTTP/1.1\r\nhost: greeter\r\nconnection: close\r\n" + header + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }
    }

    @Test
    void addsListsAndEndsFaults() {
        Instant before = Instant.now();
        String added = request(
                server,
                "POST",
                KNOWN,
                "{\"protocol\":\"http\",\"kind\":\"delay\",\"percent\":12.5,\"for\":\"30s\",\"delay\":\"200ms\"}");
        assertThat(added).startsWith("HTTP/1.1 201 ").contains("\r\ncontent-type: application/json\r\n");
        JsonObject created = new JsonObject(added.substring(added.indexOf("\r\n\r\n") + 4));
        assertThat(created.copy().put("endsAt", ""))
                .isEqualTo(new JsonObject()
                        .put("protocol", "http")
                        .put("kind", "delay")
                        .put("percent", 12.5)
                        .put("for", "30s")
                        .put("delay", "200ms")
                        .put("endsAt", "")
                        .put("injected", 0));
        assertThat(Instant.parse(created.getString("endsAt"))).isAfter(before.plusSeconds(29));
        request(server, "POST", KNOWN, fault("greeting", "reset", 10));
        assertThat(active().stream().map(fault -> ((JsonObject) fault).getString("kind")))
                .containsExactly("reset", "delay");

        assertThat(request(server, "DELETE", KNOWN, "")).startsWith("HTTP/1.1 204 ");
        assertThat(active()).isEmpty();
    }

    @Test
    void hasRoomForAHundredPercentOfEachProtocol() {
        assertThat(request(server, "POST", KNOWN, fault("greeting", "reset", 60)))
                .startsWith("HTTP/1.1 201 ");
        assertThat(request(server, "POST", KNOWN, fault("greeting", "wrong", 41)))
                .startsWith("HTTP/1.1 409 ")
                .contains("leave 40.0");
        assertThat(request(server, "POST", KNOWN, fault("http", "wrong", 100))).startsWith("HTTP/1.1 201 ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            Hello                                                                         | the body is no JSON object
            []                                                                            | the body is no JSON object
            {}                                                                            | protocol is missing; allowed is greeting or http
            {"protocol":"tcp","kind":"reset","percent":1,"for":"1s"}                      | protocol is tcp; allowed is greeting or http
            {"protocol":"http","kind":"fire","percent":1,"for":"1s"}                      | kind is fire; allowed is delay or reset or stall or truncate or wrong or refuse or close
            {"protocol":"http","kind":"reset","percent":0,"for":"1s"}                     | percent is 0; allowed is a number from 0.01 to 100
            {"protocol":"http","kind":"reset","percent":100.5,"for":"1s"}                 | percent is 100.5; allowed is
            {"protocol":"http","kind":"reset","percent":"all","for":"1s"}                 | percent is all; allowed is a number
            {"protocol":"http","kind":"reset","percent":1}                                | for is missing; allowed is a string
            {"protocol":"http","kind":"reset","percent":1,"for":"2m"}                     | for is 2m; allowed is a duration from 1ms to 60s
            {"protocol":"http","kind":"reset","percent":1,"for":"0s"}                     | for is 0s; allowed is
            {"protocol":"http","kind":"delay","percent":1,"for":"1s"}                     | delay is missing; allowed is
            {"protocol":"http","kind":"delay","percent":1,"for":"1s","delay":"2m"}        | delay is 2m; allowed is a duration from 1ms to 60s
            {"protocol":"http","kind":"reset","percent":1,"for":"1s","delay":"1s"}        | delay is 1s; allowed is none with kind reset
            {"protocol":"http","kind":"reset","percent":1,"for":"1s","until":"1s"}        | until is not known; allowed is protocol, kind, percent, for, delay
            """)
    void refusesABadRequestWithTheAllowedValues(String body, String detail) {
        assertThat(request(server, "POST", KNOWN, body))
                .startsWith("HTTP/1.1 400 ")
                .contains("\r\ncontent-type: application/problem+json\r\n")
                .contains(detail.replace("\"", "\\\""));
        assertThat(active()).isEmpty();
    }

    @Test
    void reportsTheAllowedMethods() {
        assertThat(request(server, "PUT", KNOWN, ""))
                .startsWith("HTTP/1.1 405 ")
                .contains("\r\nallow: GET, HEAD, OPTIONS, POST, DELETE\r\n");
        assertThat(request(server, "OPTIONS", KNOWN, "")).startsWith("HTTP/1.1 204 ");
    }

    @Test
    void logsTheEndOfAFaultThatNobodyAsksFor() {
        try (QuietLog log = QuietLog.listen()) {
            request(server, "POST", KNOWN, fault("greeting", "reset", 10).replace("1m", "1ms"));
            await().untilAsserted(() -> assertThat(log.messages(Faults.class)).contains("fault over"));
        }
    }

    @Test
    void logsTheEndOfAFaultAtAStop() {
        try (QuietLog log = QuietLog.listen()) {
            request(server, "POST", KNOWN, fault("http", "reset", 10));
            server.undeploy().await();
            assertThat(log.messages(Faults.class)).containsExactly("fault added", "fault over");
        }
    }

    private JsonArray active() {
        String response = request(server, "GET", KNOWN, "");
        assertThat(response).startsWith("HTTP/1.1 200 ");
        return new JsonArray(response.substring(response.indexOf("\r\n\r\n") + 4));
    }

    private static String fault(String protocol, String kind, int percent) {
        return new JsonObject()
                .put("protocol", protocol)
                .put("kind", kind)
                .put("percent", percent)
                .put("for", "1m")
                .encode();
    }

    private static String request(TestServer server, String method, String header, String body) {
        return server.connect()
                .send(method + " /faults HTTP/1.1\r\nhost: greeter\r\n" + header + "\r\ncontent-length: "
                        + body.length() + "\r\n\r\n" + body)
                .response();
    }
}
