package dev.greeter.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Addresses;
import dev.greeter.http.Golden;
import dev.greeter.http.Queries;
import dev.greeter.http.TestServer;
import dev.greeter.testing.RawClient;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueriesTest {
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
    @CsvSource(
            delimiter = '|',
            value = {
                "/stats               | {\"asked\":{\"scope\":\"cluster\"}}",
                "/stats?scope=cluster | {\"asked\":{\"scope\":\"cluster\"}}",
                "/stats?scope=node    | {\"asked\":{\"scope\":\"node\"}}",
                "/exchanges           | [{\"limit\":50}]",
                "/exchanges?limit=1000| [{\"limit\":1000}]",
            })
    void answersWithTheReplyOfTheLedger(String target, String json) {
        Queries.answered(server.vertx);

        String response = server.connect().get(target).response();

        assertThat(response)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\ncontent-type: application/json\r\n")
                .contains("\r\ncache-control: no-store\r\n")
                .endsWith("\r\n\r\n" + json);
    }

    @Test
    void answersHeadLikeGetWithoutTheBody() {
        Queries.answered(server.vertx);

        String head = server.connect()
                .request("HEAD /stats HTTP/1.1", "host: greeter", "connection: close")
                .toEnd();

        assertThat(head)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("content-length: 29\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void reportsThatTheLedgerIsAwayUntilItIsBack() {
        RawClient client = server.connect();
        assertThat(Golden.undated(client.get("/stats").response())).isEqualTo(Golden.response("ledger-away.http"));

        Queries.answered(server.vertx);

        assertThat(client.get("/stats").response()).startsWith("HTTP/1.1 200 OK\r\n");
    }

    /** It would have the second query in its queue behind the first. */
    @Test
    void asksALedgerThatDoesNotAnswerOnce() {
        AtomicInteger asked = new AtomicInteger();
        server.vertx.eventBus().localConsumer(Addresses.RECENT, message -> asked.incrementAndGet());

        assertThat(server.connect().get("/exchanges").response())
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("The ledger does not answer at the moment.");
        assertThat(asked).hasValue(1);
    }

    /** The queries that it did not answer are still in its queue. */
    @Test
    void reportsThatTooManyQueriesWaitForTheLedger() {
        server.vertx.eventBus().localConsumer(Addresses.RECENT, message -> {});
        List<RawClient> clients = IntStream.rangeClosed(1, 4)
                .mapToObj(limit -> server.connect().get("/exchanges?limit=" + limit))
                .toList();
        assertThat(clients)
                .extracting(RawClient::response)
                .allMatch(response -> response.contains("The ledger does not answer at the moment."));

        assertThat(clients.get(0).get("/exchanges").response())
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("Too many queries wait for the ledger at the moment.");
    }

    @Test
    void reportsAnInternalErrorIfTheLedgerRefuses() {
        MessageConsumer<JsonObject> ledger =
                server.vertx.eventBus().localConsumer(Addresses.STATS, message -> message.fail(400, "no"));
        ledger.completion().await();

        assertThat(server.connect().get("/stats").response()).startsWith("HTTP/1.1 500 Internal Server Error\r\n");
    }
}
