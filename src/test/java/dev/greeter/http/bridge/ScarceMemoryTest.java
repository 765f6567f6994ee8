package dev.greeter.http.bridge;

import static dev.greeter.http.bridge.ClientMessages.ASK;
import static dev.greeter.http.bridge.ClientMessages.ASK_RECENT;
import static dev.greeter.http.bridge.WebSocketPeer.RAW;
import static dev.greeter.http.bridge.WebSocketPeer.SOCKJS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Addresses;
import dev.greeter.net.MemoryGuard;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long and short responses while most of this process's direct memory is taken, and afterwards. */
class ScarceMemoryTest extends ServedBridge {
    private static final double TAKEN = 0.7;

    private final ByteBuf most =
            new UnpooledByteBufAllocator(true).directBuffer((int) (MemoryGuard.maxDirectOctets() * TAKEN));

    private volatile String answer = "x".repeat(40_000);

    @BeforeEach
    void answerAtLength() {
        recent.unregister().await();
        server.vertx.eventBus().consumer(Addresses.RECENT, message -> message.reply(new JsonArray().add(answer)));
    }

    @AfterEach
    void giveBack() {
        if (most.refCnt() > 0) {
            most.release();
        }
    }

    @Test
    void onlyLongResponsesAreRefused() {
        assertThat(server.connect().get("/exchanges").response())
                .startsWith("HTTP/1.1 503 ")
                .contains(MemoryGuard.SCARCE);
        assertThat(server.connect().get("/stats").response()).startsWith("HTTP/1.1 200 ");
        assertThat(server.connect()
                        .request("HEAD /exchanges HTTP/1.1", "host: greeter")
                        .head())
                .startsWith("HTTP/1.1 200 ");
        most.release();
        assertThat(server.connect().get("/exchanges").response()).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {RAW, SOCKJS})
    void onlyLongRepliesAreRefused(String path) {
        WebSocketPeer peer = open(path);
        assertThat(peer.send(ASK_RECENT).message())
                .isEqualTo(new JsonObject()
                        .put("type", "err")
                        .put("address", "mine")
                        .put("failureCode", -1)
                        .put("failureType", "ERROR")
                        .put("message", MemoryGuard.SCARCE));
        assertThat(peer.send(ASK).message().getString("type")).isEqualTo("rec");
        most.release();
        assertThat(peer.send(ASK_RECENT).message().getString("type")).isEqualTo("rec");
    }

    @Test
    void theLengthWithinAStringDecides() {
        answer = "\"".repeat(14_000);
        assertThat(open(RAW).send(ASK_RECENT).message().getString("type")).isEqualTo("rec");
        assertThat(open(SOCKJS).send(ASK_RECENT).message().getString("message")).isEqualTo(MemoryGuard.SCARCE);
        most.release();
    }
}
