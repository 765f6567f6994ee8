package dev.greeter.http.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.Form;
import dev.greeter.bus.Protocol;
import dev.greeter.http.TestServer;
import dev.greeter.testing.RawClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageExchangesTest {
    /** More than a loopback connection's buffers take from a peer that does not read. */
    private static final int PIPELINED = 20_000;

    private static final String GET = "GET / HTTP/1.1\r\nhost: greeter\r\n\r\n";

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.web();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /,                         answered",
        "HEAD /,                        answered",
        "OPTIONS /,                     answered",
        "GET /?any=query,               answered",
        "GET http://greeter,            answered",
        "POST /,                        refused 405",
        "HELLO /,                       refused 501",
        "GET /#fragment,                refused 400",
        "GET  /,                        refused 400",
    })
    void countsEachRequestForThePageOnce(String requestLine, String outcome) {
        server.connect()
                .request(requestLine + " HTTP/1.1", "host: greeter", "connection: close")
                .toEnd();

        assertThat(afterTheStop()).containsExactly(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/stats", "/exchanges", "/nowhere", "/index.html", "/bad-request", "//"})
    void doesNotCountRequestsForOtherPaths(String target) {
        server.connect().get(target, "connection: close").toEnd();

        assertThat(afterTheStop()).isEmpty();
    }

    @Test
    void countsANotModifiedAsAnswered() {
        server.connect().get("/", "if-none-match: *", "connection: close").toEnd();

        assertThat(afterTheStop()).containsExactly("answered");
    }

    @Test
    void countsARequestWithoutHostAsRefused() {
        server.connect().request("GET / HTTP/1.1", "connection: close").toEnd();

        assertThat(afterTheStop()).containsExactly("refused 400");
    }

    @Test
    void reportsAllPropertiesOfAnExchange() {
        Instant before = Instant.now();
        RawClient client = server.connect();
        client.send(GET).response();
        await().until(() -> !server.ledger.exchanges().isEmpty());

        Exchange exchange = server.ledger.exchanges().get(0);
        assertThat(exchange.protocol()).isEqualTo(Protocol.HTTP);
        assertThat(exchange.form()).isEqualTo(Form.PAGE);
        assertThat(exchange.at()).isBetween(before, Instant.now());
        assertThat(exchange.peer()).isEqualTo("127.0.0.1:" + client.port());
        assertThat(exchange.token()).isNull();
        assertThat(exchange.octets()).isEqualTo(GET.length());
        assertThat(exchange.durationMicros())
                .isBetween(1L, Duration.ofSeconds(10).toNanos() / 1_000);
    }

    @Test
    void countsTheOctetsOfABody() {
        String head = "GET / HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5\r\nconnection: close\r\n\r\n";
        server.connect().send(head + "Hello").toEnd();

        assertThat(afterTheStop()).containsExactly("answered");
        assertThat(server.ledger.exchanges().get(0).octets()).isEqualTo(head.length() + 5);
    }

    @Test
    void countsEveryPipelinedRequestOnce() {
        RawClient client = server.connect();
        client.send(GET.repeat(500));
        for (int i = 0; i < 500; i++) {
            client.response();
        }

        assertThat(afterTheStop()).hasSize(500).containsOnly("answered");
    }

    @Test
    void countsResponsesThatAResetPreventedAsFailed() {
        try (RawClient client = new RawClient(server.port(), 1_024)) {
            client.sendInBackground(GET.repeat(PIPELINED));
            await().until(() -> !server.ledger.outcomes().isEmpty());
            client.reset();
            await().until(() -> server.ledger.connections() == 0);
        }

        assertThat(afterTheStop()).contains("answered", "failed closed").containsOnly("answered", "failed closed");
    }

    @ParameterizedTest
    @CsvSource({
        "'POST / HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5\r\n\r\nHel', refused closed",
        "'GET / HTTP/1.1\r\nhost: gre',                                       refused closed",
        "'GET / HTTP/1.1\r\nhost: greeter\r\ncontent-length: 9999\r\n\r\nx', refused closed",
        "'GE', refused closed",
    })
    void countsAnUnfinishedRequestAsRefused(String octets, String outcome) {
        RawClient client = server.connect().send(octets);
        await().until(() -> server.ledger.connections() == 1);
        client.close();
        await().until(() -> server.ledger.connections() == 0);

        assertThat(afterTheStop()).containsExactly(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /stats HTTP/1.1\r\nhost: gre"})
    void doesNotCountAConnectionWithoutARequestForThePage(String octets) {
        RawClient client = server.connect().send(octets);
        await().until(() -> server.ledger.connections() == 1);
        client.close();
        await().until(() -> server.ledger.connections() == 0);

        assertThat(afterTheStop()).isEmpty();
    }

    @Test
    void countsABodyOverTheLimitAsRefused() {
        server.connect()
                .request("POST / HTTP/1.1", "host: greeter", "transfer-encoding: chunked")
                .send("11000\r\n" + "x".repeat(0x11000) + "\r\n0\r\n\r\n")
                .toEnd();

        assertThat(afterTheStop()).containsExactly("refused 413");
    }

    @Test
    void countsAMalformedBodyAsRefused() {
        server.connect()
                .request("POST / HTTP/1.1", "host: greeter", "transfer-encoding: chunked")
                .send("no size\r\n")
                .toEnd();

        assertThat(afterTheStop()).containsExactly("refused 400");
    }

    @Test
    void reportsItsOpenConnections() {
        RawClient first = server.connect();
        RawClient second = server.connect();
        await().until(() -> server.ledger.connections() == 2);

        first.close();
        second.close();

        await().until(() -> server.ledger.connections() == 0);
    }

    @Test
    void answersNoMoreThanItCanCountUntilTheLedgerIsBack() {
        server.ledger.goAway();
        RawClient client = server.connect();
        client.sendInBackground(GET.repeat(PIPELINED));
        int answeredBefore = client.responsesUntilQuiet(PIPELINED);

        server.ledger.comeBack();
        client.responses(PIPELINED - answeredBefore);

        assertThat(answeredBefore).isLessThan(PIPELINED);
        assertThat(afterTheStop()).hasSize(PIPELINED).containsOnly("answered");
    }

    /** Undeploys the server, so that all exchanges are counted. */
    private List<String> afterTheStop() {
        server.undeploy().await();
        return server.ledger.outcomes();
    }
}
