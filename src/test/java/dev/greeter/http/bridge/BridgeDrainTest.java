package dev.greeter.http.bridge;

import static dev.greeter.http.bridge.ClientMessages.ASK;
import static dev.greeter.http.bridge.ClientMessages.SUBSCRIBE;
import static dev.greeter.http.bridge.WebSocketPeer.RAW;
import static dev.greeter.http.bridge.WebSocketPeer.SOCKJS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.http.TestServer;
import dev.greeter.testing.RawClient;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of the bridge's connections when the server stops. */
class BridgeDrainTest extends ServedBridge {
    /** A drain that waits for it outlasts the test. */
    private static final Duration GRACE = Duration.ofHours(1);

    BridgeDrainTest() {
        super(TestServer.web("greeter-0", GRACE, 1));
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
