package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
    private TestServer server;

    @BeforeEach
    void start() {
        // the limit holds for all instances together
        server = TestServer.web(TestServer.NODE, TestServer.GRACE, 2);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void refusesTheFirstRequestOfAConnectionOverTheLimit() {
        fill(TestServer.MAX_CONNECTIONS);

        String response = server.connect().get("/").toEnd();

        assertThat(Golden.undated(response)).isEqualTo(Golden.response("too-many-connections.http"));
        server.undeploy().await();
        assertThat(server.ledger.outcomes()).filteredOn("refused 503"::equals).hasSize(1);
    }

    @Test
    void acceptsAnotherWhenAConnectionCloses() {
        List<RawClient> clients = fill(TestServer.MAX_CONNECTIONS);
        assertThat(server.connect().get("/").toEnd()).startsWith("HTTP/1.1 503 ");

        clients.get(0).close();

        await().until(() ->
                server.connect().get("/", "connection: close").toEnd().startsWith("HTTP/1.1 200 "));
    }

    @Test
    void closesConnectionsFarOverTheLimitAtOnce() {
        fill(TestServer.MAX_CONNECTIONS);
        for (int i = 0; i < HttpBinding.MAX_REFUSED; i++) {
            server.connect();
        }
        await().until(() -> server.ledger.connections() == TestServer.MAX_CONNECTIONS + HttpBinding.MAX_REFUSED);

        assertThat(server.connect().toEnd()).isEmpty();
    }

    @Test
    void keepsOpenConnectionsWhenTheLimitIsLowered() {
        List<RawClient> clients = fill(TestServer.MAX_CONNECTIONS);

        server.changeLimit(1);

        assertThat(server.connect().get("/").toEnd()).startsWith("HTTP/1.1 503 ");
        assertThat(clients.get(0).get("/").response()).startsWith("HTTP/1.1 200 ");
        clients.subList(1, clients.size()).forEach(RawClient::close);
        await().until(() -> server.ledger.connections() == 1);
        assertThat(server.connect().get("/").toEnd()).startsWith("HTTP/1.1 503 ");
        clients.get(0).close();
        await().until(() ->
                server.connect().get("/", "connection: close").toEnd().startsWith("HTTP/1.1 200 "));
    }

    @Test
    void acceptsMoreWhenTheLimitIsRaised() {
        fill(TestServer.MAX_CONNECTIONS);

        server.changeLimit(TestServer.MAX_CONNECTIONS + 1);

        assertThat(server.connect().get("/").response()).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void tellsAClientOverItsOwnLimit() {
        server.limitPeers(1);
        fill(1);

        assertThat(server.connect().get("/").toEnd())
                .startsWith("HTTP/1.1 503 ")
                .contains("\r\nretry-after: 1\r\n")
                .contains("Your address has as many connections, or new ones in a second, as one may have.");
        assertThat(server.connectFrom("127.0.0.2").get("/").response()).startsWith("HTTP/1.1 200 ");
    }

    /** One client over its limit does not take the error from all others. */
    @Test
    void keepsTheErrorForThoseThatAreOverNoLimitOfTheirOwn() {
        server.limitPeers(TestServer.MAX_CONNECTIONS / 2);
        fill(TestServer.MAX_CONNECTIONS / 2);
        for (int i = 0; i < 2 * HttpBinding.MAX_REFUSED; i++) {
            server.connect();
        }
        for (int i = 0; i < TestServer.MAX_CONNECTIONS / 2; i++) {
            assertThat(server.connectFrom("127.0.0.2").get("/").response()).startsWith("HTTP/1.1 200 ");
        }

        assertThat(server.connectFrom("127.0.0.3").get("/").toEnd())
                .startsWith("HTTP/1.1 503 ")
                .contains("There are as many connections as this server allows.");
    }

    /** Its place is for another one that is to be told. */
    @Test
    void doesNotWaitLongForTheRequestOfAConnectionOverTheLimit() {
        fill(TestServer.MAX_CONNECTIONS);

        assertThat(server.connect().toEnd()).isEmpty();
        assertThat(server.connect().send("GET / HTTP/1.1\r\n").toEnd()).startsWith("HTTP/1.1 503 ");
    }

    private List<RawClient> fill(int count) {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawClient client = server.connect();
            assertThat(client.get("/").response()).startsWith("HTTP/1.1 200 ");
            clients.add(client);
        }
        return clients;
    }
}
