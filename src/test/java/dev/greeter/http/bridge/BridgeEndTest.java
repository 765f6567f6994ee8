package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is left of a client that goes, or has to, at any moment: also within a write, before Vert.x's socket knows. */
class BridgeEndTest extends FakeBridge {
    /** So that the client's close frame is read, which may be behind its queries. */
    @Test
    void aClientThatHasToGoIsReadOn() {
        registration = Future.succeededFuture();
        open();
        client.handle(REGISTER);
        IntStream.rangeClosed(1, 10).forEach(this::query);
        fill(true);
        reply();
        assertThat(paused).isTrue();
        guard.drain();
        assertThat(paused).isFalse();
        assertThat(unregistered).isEqualTo(1);
        client.handle(ask(50));
        fill(false);
        reply();
        assertThat(sent).isEmpty();
        assertThat(paused).isFalse();
        assertHasRoomForTwo();
    }

    /** The channel closes before the socket does. */
    @Test
    void nothingIsKeptForAClientThatHasGone() {
        BridgeConnection gone = open();
        IntStream.rangeClosed(1, 2).forEach(this::query);
        gone.closed();
        fill(true);
        reply();
        reply();
        client.handle(REGISTER);
        assertThat(registered).isZero();
        assertHasRoomForTwo();
        assertThat(sent).isEmpty();
    }

    /** The kernel refuses to take what is written for a peer that has reset the connection, which closes the channel. */
    @Test
    void nothingIsDoneForAClientThatGoesWhileItsMessagesAreHandled() {
        BridgeConnection going = open(BridgeFraming.SOCKJS);
        writing = going::closed;
        client.handle(new JsonArray(List.of("x", REGISTER, ask(50), "x")).encode());
        assertThat(registered).isZero();
        assertThat(asked).isEmpty();
        assertThat(sent).hasSize(1);
        assertThat(paused).isFalse();
    }

    @Test
    void asksAndSendsNothingMoreOnceAReplyHasClosedTheConnection() {
        BridgeConnection going = open();
        IntStream.rangeClosed(1, BridgeConnection.MAX_QUERIES + 1).forEach(number -> query(50));
        assertThat(paused).isTrue();
        writing = going::closed;
        reply();
        assertThat(sent).hasSize(1);
        assertThat(asked).hasSize(1);
        assertThat(paused).isFalse();
        reply();
        assertThat(sent).hasSize(1);
        assertThat(asked).isEmpty();
    }

    @Test
    void givesBackAllRepliesWhenOneThatHasWaitedClosesTheConnection() {
        BridgeConnection going = open();
        IntStream.rangeClosed(1, 2).forEach(this::query);
        fill(true);
        reply();
        reply();
        writing = going::closed;
        fill(false);
        assertThat(sent).hasSize(1);
        assertHasRoomForTwo();
    }

    @Test
    void readsOnWhenItIsClosedSoThatVertxKeepsNothing() {
        BridgeConnection gone = open();
        IntStream.rangeClosed(1, BridgeConnection.MAX_QUERIES + 1).forEach(this::query);
        assertThat(paused).isTrue();
        gone.closed();
        assertThat(paused).isFalse();
    }
}
