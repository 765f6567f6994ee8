package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a cluster that does not answer, or a client that does not read, does: in steps that no event bus and no socket has. */
class BridgeConnectionTest extends FakeBridge {
    @Test
    void aClientMayRegisterAgainAfterARegistrationThatFailed() {
        open();
        client.handle(REGISTER);
        assertThat(sent).containsExactly("{\"type\":\"err\",\"body\":\"registration_failure\"}");
        assertThat(unregistered).isEqualTo(1);
        registration = Future.succeededFuture();
        client.handle(REGISTER);
        assertThat(sent).hasSize(1);
        client.handle(REGISTER);
        assertThat(sent).last().isEqualTo("{\"type\":\"err\",\"body\":\"address_already_registered\"}");
    }

    @Test
    void clientsShareAConsumerUntilTheLastOneGoes() {
        registration = Future.succeededFuture();
        BridgeConnection first = open();
        client.handle(REGISTER);
        BridgeConnection second = open();
        client.handle(REGISTER);
        updates.remove(first);
        updates.remove(first);
        assertThat(unregistered).isZero();
        updates.remove(second);
        assertThat(unregistered).isEqualTo(1);
        client.handle(REGISTER);
        assertThat(registered).isEqualTo(2);
        assertThat(sent).isEmpty();
    }

    @Test
    void aRegistrationThatFailsIsToldToAllWhoWaitForIt() {
        Promise<Void> later = Promise.promise();
        registration = later.future();
        open();
        client.handle(REGISTER);
        open();
        client.handle(REGISTER);
        assertThat(sent).isEmpty();
        later.fail("the cluster does not answer");
        assertThat(sent).hasSize(2).containsOnly("{\"type\":\"err\",\"body\":\"registration_failure\"}");
    }

    /** All ask the same, so that half of them share the answer to a query that begins after the first one's. */
    @Test
    void fewQueriesOfAClientAreUnderWayAtATime() {
        open();
        IntStream.range(0, 3 * BridgeConnection.MAX_QUERIES).forEach(number -> query(50));
        assertThat(paused).isTrue();
        for (int round = 1; round <= 3; round++) {
            reply();
            reply();
            assertThat(sent).hasSize(round * BridgeConnection.MAX_QUERIES);
        }
        assertThat(asked).isEmpty();
        assertThat(paused).isFalse();
    }

    @Test
    void noQueryBeginsWhileTheClientDoesNotReadReplies() {
        open();
        IntStream.range(0, 2 * BridgeConnection.MAX_QUERIES).forEach(number -> query(50));
        fill(true);
        reply();
        reply();
        assertThat(asked).isEmpty();
        assertThat(sent).isEmpty();
        assertThat(paused).isTrue();
        fill(false);
        assertThat(sent).hasSize(BridgeConnection.MAX_QUERIES);
        reply();
        reply();
        assertThat(sent).hasSize(2 * BridgeConnection.MAX_QUERIES);
        assertThat(paused).isFalse();
    }

    /** Whatever Vert.x's own queue has room for, which counts frames and not their octets. */
    @Test
    void oneReplyIsWrittenWhenItFillsTheChannel() {
        open();
        IntStream.rangeClosed(1, 2).forEach(this::query);
        writing = () -> fill(true);
        reply();
        reply();
        assertThat(sent).hasSize(1);
        assertThat(paused).isTrue();
        fill(false);
        assertThat(sent).hasSize(2);
    }

    @Test
    void updatesAreSkippedWhileTheChannelIsFull() {
        registration = Future.succeededFuture();
        open();
        client.handle(REGISTER);
        publish();
        fill(true);
        publish();
        assertThat(sent).hasSize(1);
        fill(false);
        publish();
        assertThat(sent).hasSize(2);
    }

    /** The client sends nine tenths of what it may, two messages in each frame of SockJS. */
    @ParameterizedTest
    @EnumSource(BridgeFraming.class)
    void whatAClientSendsWhileItIsNotReadMayComeAtOnce(BridgeFraming framing) {
        open(framing);
        frame(framing);
        fill(true);
        frame(framing);
        assertThat(paused).isTrue();
        int frames = (framing == BridgeFraming.SOCKJS ? 9 : 18) * 5;
        nanos += Duration.ofSeconds(10).toNanos();
        IntStream.range(0, frames).forEach(number -> channel.writeInbound(new PongWebSocketFrame()));
        fill(false);
        IntStream.range(0, frames).forEach(number -> frame(framing));
        assertThat(paused).isFalse();
        assertThat(channel.outboundMessages()).isEmpty();
        channel.releaseInbound();
    }

    /** Handles a frame that the guard has counted. */
    private void frame(BridgeFraming framing) {
        String ping = "{\"type\":\"ping\"}";
        client.handle(framing == BridgeFraming.SOCKJS ? new JsonArray(List.of(ping, ping)).encode() : ping);
    }

    /** Its errors would be kept for it. */
    @Test
    void readsNothingMoreOfAClientThatDoesNotReadErrors() {
        open();
        writing = () -> fill(true);
        client.handle("x");
        assertThat(sent).hasSize(1);
        assertThat(paused).isTrue();
        fill(false);
        assertThat(paused).isFalse();
    }

    /** There is room for two bodies here, and each of these has its own. */
    @Test
    void repliesWaitForTheirClientsWhileThereIsRoom() {
        BridgeConnection first = open();
        IntStream.rangeClosed(1, 3).forEach(this::query);
        fill(true);
        reply();
        reply();
        assertThat(sent).isEmpty();
        reply();
        assertThat(sent).hasSize(1).allMatch(reply -> reply.contains("Too many responses wait"));
        first.closed();
        fill(false);
        open();
        IntStream.rangeClosed(1, 2).forEach(this::query);
        fill(true);
        reply();
        reply();
        assertThat(sent).hasSize(1);
        fill(false);
        assertThat(sent).hasSize(3);
    }

    @Test
    void readsOnAfterManyQueriesThatFailAtOnce() {
        open();
        fill(true);
        IntStream.range(0, 20_000).forEach(number -> query(50));
        assertThat(sent).isEmpty();
        isClosed = true;
        fill(false);
        assertThat(sent).hasSize(20_000).allMatch(reply -> reply.contains("\"message\":\"closed\""));
        assertThat(paused).isFalse();
    }
}
