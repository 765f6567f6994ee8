package dev.greeter.http.bridge;

import static dev.greeter.http.bridge.ClientMessages.ASK;
import static dev.greeter.http.bridge.ClientMessages.SUBSCRIBE;
import static dev.greeter.http.bridge.WebSocketPeer.RAW;
import static dev.greeter.http.bridge.WebSocketPeer.SOCKJS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Addresses;
import dev.greeter.testing.RawClient;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of the bridge may send, and has to read. */
class BridgeLimitsTest extends ServedBridge {
    @Test
    void endsAConnectionWhoseMessageIsTooLong() {
        assertThat(open(RAW).sendText("x".repeat(1_025)).closed()).isEqualTo(1009);
        await().untilAsserted(() -> {
            WebSocketPeer peer = open(RAW).sendText("x".repeat(1_024));
            assertThat(peer.message().getString("body")).isEqualTo("invalid_json");
        });
    }

    @Test
    void endsAConnectionWhoseMessageIsTooLongInParts() {
        WebSocketPeer peer = open(RAW).sendPart(WebSocketPeer.TEXT, "x".repeat(1_000));
        assertThat(peer.sendPart(WebSocketPeer.CONTINUATION, "x".repeat(1_000)).closed())
                .isEqualTo(1009);
    }

    @Test
    void endsAConnectionWhoseMessageHasTooManyFragments() {
        WebSocketPeer peer = open(RAW).sendPart(WebSocketPeer.TEXT, "");
        for (int i = 1; i < FragmentLimit.MAX_FRAGMENTS; i++) {
            peer.sendPart(WebSocketPeer.CONTINUATION, "");
        }
        assertThat(peer.sendPart(WebSocketPeer.CONTINUATION, "").closed()).isEqualTo(1009);
    }

    @Test
    void acceptsMessagesInAsManyFragmentsAsAllowed() {
        WebSocketPeer peer = open(RAW);
        for (int message = 0; message < 3; message++) {
            peer.sendPart(WebSocketPeer.TEXT, "{");
            for (int i = 2; i < FragmentLimit.MAX_FRAGMENTS; i++) {
                peer.sendPart(WebSocketPeer.CONTINUATION, "");
            }
            peer.sendPart(0x80 | WebSocketPeer.CONTINUATION, "}");
            assertThat(peer.message().getString("body")).isEqualTo("missing_type");
        }
    }

    @Test
    void endsAConnectionThatSendsTooMuch() {
        WebSocketPeer peer = open(RAW);
        for (int i = 0; i < 11; i++) {
            peer.sendText("{\"type\":\"ping\"}");
        }
        assertThat(peer.closed()).isEqualTo(1008);
    }

    @Test
    void countsEachMessageInAFrameOfSockJs() {
        WebSocketPeer peer = open(SOCKJS);
        peer.sendText("[" + "\"{}\",".repeat(10) + "\"{}\"]");
        assertThat(peer.closed()).isEqualTo(1008);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]"})
    void countsFramesOfSockJsWithoutAMessage(String frame) {
        WebSocketPeer peer = open(SOCKJS);
        for (int i = 0; i < 11; i++) {
            peer.sendText(frame);
        }
        assertThat(peer.closed()).isEqualTo(1008);
    }

    @Test
    void countsPingsOfTheWebSocket() {
        WebSocketPeer peer = open(RAW);
        for (int i = 0; i < 11; i++) {
            peer.ping();
        }
        assertThat(peer.closed()).isEqualTo(1008);
    }

    @Test
    void acceptsTheAllowedRateForLong() {
        WebSocketPeer peer = open(RAW);
        for (int i = 0; i < 25; i++) {
            assertThat(peer.send(ASK).message().getString("type")).isEqualTo("rec");
            int sent = i;
            if (sent >= 9) {
                await().pollDelay(Duration.ofMillis(110)).until(() -> true);
            }
        }
    }

    @Test
    void acceptsAnotherConnectionWhenOneOfTheLimitEnds() {
        WebSocketPeer first = open(RAW);
        open(SOCKJS);
        String refused = WebSocketPeer.ask(server.connect(), RAW).response();
        assertThat(refused)
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("There are as many bridge connections as this server allows.");
        first.close();
        await().untilAsserted(() -> open(RAW));
    }

    @Test
    void dropsASubscriberThatDoesNotRead() {
        RawClient deaf = server.connect(4_096);
        WebSocketPeer.open(deaf, RAW).send(SUBSCRIBE);
        WebSocketPeer other = open(RAW);
        JsonObject update = new JsonObject().put("much", "x".repeat(10_000));
        long publishing =
                server.vertx.setPeriodic(1, tick -> server.vertx.eventBus().publish(Addresses.UPDATES, update));
        await().atMost(WebSocketGuard.MAX_LAG.multipliedBy(3)).untilAsserted(() -> open(RAW));
        server.vertx.cancelTimer(publishing);
        assertThat(other.send(ASK).message().getString("type")).isEqualTo("rec");
    }
}
