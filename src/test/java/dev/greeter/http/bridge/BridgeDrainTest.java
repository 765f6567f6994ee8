package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Addresses;
import dev.greeter.http.TestServer;
import dev.greeter.testing.RawClient;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of the bridge's connections when the server stops. */
class BridgeDrainTest {
    private static final String RAW = "/eventbus/websocket";
    private static final String SOCKJS = "/eventbus/000/abcdefgh/websocket";
    private static final JsonObject ASK = new JsonObject()
            .put("type", "send")
            .put("address", Addresses.STATS)
            .put("replyAddress", "mine")
            .put("body", new JsonObject().put("scope", "node"));
    private static final JsonObject SUBSCRIBE =
            new JsonObject().put("type", "register").put("address", Addresses.UPDATES);

    /** A drain that waits for it outlasts the test. */
    private static final Duration GRACE = Duration.ofHours(1);

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.web("greeter-0", GRACE, 1);
        server.vertx.eventBus().consumer(Addresses.STATS, message -> message.reply(new JsonObject()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WebSocketPeer open(String path) {
        return WebSocketPeer.open(server.connect(), path);
    }

    @ParameterizedTest
    @ValueSource(strings = {RAW, SOCKJS})
    void endsAtTheDrainAndIsNotCut(String path) {
        WebSocketPeer peer = open(path).send(SUBSCRIBE);
        peer.send(ASK).message();

        Future<Void> stopped = server.undeploy();

        assertThat(peer.closed()).isEqualTo(1001);
        peer.close();
        assertThat(peer.client.toEnd()).isEmpty();
        stopped.await();
        assertThat(server.ledger.cut()).isZero();
        assertThat(server.ledger.connections()).isZero();
    }

    @Test
    void doesNotDelayTheDrainIfTheClientDoesNotAnswerTheClose() {
        WebSocketPeer peer = open(RAW);
        peer.send(ASK).message();

        server.undeploy().await();

        assertThat(peer.closed()).isEqualTo(1001);
        assertThat(server.ledger.cut()).isZero();
    }

    @Test
    void acceptsNoNewConnectionDuringTheDrain() {
        RawClient client = server.connect();
        client.get("/").response();
        WebSocketPeer peer = open(RAW);

        Future<Void> stopped = server.undeploy();

        assertThat(peer.closed()).isEqualTo(1001);
        assertThat(WebSocketPeer.ask(client, RAW).toEnd())
                .startsWith("HTTP/1.1 503 ")
                .contains("\r\nconnection: close\r\n");
        stopped.await();
    }
}
