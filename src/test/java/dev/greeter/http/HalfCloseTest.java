package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.Config;
import dev.greeter.http.bridge.WebSocketPeer;
import dev.greeter.monitor.Health;
import dev.greeter.testing.RawClient;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that has half-closed and waits for its responses. */
class HalfCloseTest {
    private static final String GET = "GET / HTTP/1.1\r\nhost: greeter\r\n\r\n";

    private TestServer server;
    private TestServer management;

    @BeforeEach
    void start() {
        server = TestServer.web();
        Queries.answered(server.vertx);
        management = TestServer.management(new Config.Faults("open-sesame", List.of(), Duration.ofMinutes(1)));
    }

    @AfterEach
    void stop() {
        server.close();
        management.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /, 200",
        "HEAD /, 200",
        "OPTIONS /, 204",
        "POST /, 405",
        "GET /stats, 200",
        "GET /stats?scope=x, 400",
        "GET /exchanges, 200",
        "HEAD /exchanges, 200",
        "GET /dashboard, 200",
        "GET /openapi.yaml, 200",
        "GET /eventbus, 200",
        "GET /eventbus/info, 200",
        "GET /eventbus/websocket, 426",
        "GET /nowhere, 404",
    })
    void getsItsResponse(String request, int status) {
        for (String head : List.of(
                " HTTP/1.1\r\nhost: greeter\r\n\r\n",
                " HTTP/1.1\r\nhost: greeter\r\nconnection: close\r\n\r\n",
                " HTTP/1.0\r\nhost: greeter\r\n\r\n",
                " HTTP/1.0\r\nhost: greeter\r\nconnection: keep-alive\r\n\r\n",
                " HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5\r\n\r\nHello",
                " HTTP/1.1\r\nhost: greeter\r\ntransfer-encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\n\r\n")) {
            assertIsWhole(server, request, head, status);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /livez, 200",
        "GET /readyz, 503",
        "GET /startupz, 503",
        "GET /metrics, 200",
        "HEAD /metrics, 200",
        "OPTIONS /livez, 204",
        "POST /livez, 405",
        "GET /faults, 401",
        "GET /nowhere, 404",
    })
    void getsItsResponseOnTheManagementPortToo(String request, int status) {
        for (String head : List.of(
                " HTTP/1.1\r\nhost: greeter\r\n\r\n",
                " HTTP/1.1\r\nhost: greeter\r\nconnection: close\r\n\r\n",
                " HTTP/1.0\r\n\r\n")) {
            assertIsWhole(management, request, head, status);
        }
    }

    private static void assertIsWhole(TestServer server, String request, String head, int status) {
        String response = server.connect().send(request + head).halfClose().toEnd();

        assertThat(response).as(request + head).startsWith("HTTP/1.").contains(" " + status + " ");
        int end = response.indexOf("\r\n\r\n");
        if (!request.startsWith("HEAD")) {
            assertThat(response.substring(end + 4)).hasSize(length(response.substring(0, end)));
        }
    }

    private static int length(String head) {
        return head.lines()
                .filter(line -> line.startsWith("content-length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("content-length: ".length())))
                .findFirst()
                .orElse(0);
    }

    @Test
    void getsAResponseToARequestWithABody() {
        String order = "{\"protocol\":\"http\",\"kind\":\"reset\",\"percent\":1,\"for\":\"1s\"}";
        assertThat(management
                        .connect()
                        .request(
                                "POST /faults HTTP/1.1",
                                "host: greeter",
                                "authorization: Bearer open-sesame",
                                "content-length: " + order.length())
                        .send(order)
                        .halfClose()
                        .toEnd())
                .startsWith("HTTP/1.1 201 ");
    }

    @Test
    void getsAResponseThatTakesAnotherTurn() {
        Promise<Status> later = Promise.promise();
        CompletableFuture<Context> asked = new CompletableFuture<>();
        Health.Check check = new Health.Check("later", () -> {
            asked.complete(Vertx.currentContext());
            return later.future();
        });
        try (TestServer slow = TestServer.management(List.of(check), List.of())) {
            RawClient client = slow.connect().get("/livez").halfClose();
            // the connection's loop reads the half-close before a timer that is set after it
            asked.join().runOnContext(turn -> slow.vertx.setTimer(20, over -> later.complete(Status.OK())));

            assertThat(client.toEnd()).startsWith("HTTP/1.1 200 ").contains("\r\nconnection: close\r\n");
        }
    }

    @Test
    void getsAllPipelinedResponses() {
        String responses = server.connect()
                .send(GET.repeat(50) + "GET /stats HTTP/1.1\r\nhost: greeter\r\n\r\n" + GET)
                .halfClose()
                .toEnd();

        assertThat(responses.split("HTTP/1.1 200 OK\r\n", -1)).hasSize(53);
        server.undeploy().await();
        assertThat(server.ledger.outcomes()).hasSize(51).containsOnly("answered");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "GET / HTTP/1.1\r\nhost: gre",
                "POST / HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5\r\n\r\nHell",
                "POST / HTTP/1.1\r\nhost: greeter\r\ntransfer-encoding: chunked\r\n\r\n5\r\nHe",
            })
    void isRefusedWithinARequest(String octets) {
        assertThat(server.connect().send(octets).halfClose().toEnd()).isEmpty();
        String behind = server.connect().send(GET + octets).halfClose().toEnd();
        assertThat(behind).startsWith("HTTP/1.1 200 ").containsOnlyOnce("HTTP/1.1 ");

        await().until(() -> server.ledger.connections() == 0);
        server.undeploy().await();
        assertThat(server.ledger.outcomes()).containsExactlyInAnyOrder("refused closed", "answered", "refused closed");
    }

    @Test
    void endsAConnectionWithoutARequest() {
        assertThat(server.connect().halfClose().toEnd()).isEmpty();
        assertThat(server.connect().send("\r\n").halfClose().toEnd()).isEmpty();
        RawClient kept = server.connect();
        kept.get("/").response();
        assertThat(kept.halfClose().toEnd()).isEmpty();

        await().until(() -> server.ledger.connections() == 0);
        server.undeploy().await();
        assertThat(server.ledger.outcomes()).containsExactly("answered");
    }

    @Test
    void endsAWebSocket() {
        WebSocketPeer peer = WebSocketPeer.open(server.connect(), "/eventbus/websocket");

        peer.client.halfClose();
        assertThat(peer.read().opcode()).isEqualTo(WebSocketPeer.CLOSE);
        peer.client.toEnd();
        WebSocketPeer.ask(server.connect(), "/eventbus/websocket").halfClose().toEnd();

        await().until(() -> server.ledger.connections() == 0);
    }

    @Test
    void endsAConnectionOverTheLimit() {
        for (int i = 0; i < TestServer.MAX_CONNECTIONS; i++) {
            server.connect().get("/").response();
        }

        assertThat(server.connect().get("/").halfClose().toEnd()).startsWith("HTTP/1.1 503 ");
        assertThat(server.connect().halfClose().toEnd()).isEmpty();
        await().until(() -> server.ledger.connections() == TestServer.MAX_CONNECTIONS);
    }
}
