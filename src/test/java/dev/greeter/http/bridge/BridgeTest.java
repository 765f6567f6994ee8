package dev.greeter.http.bridge;

import static dev.greeter.http.bridge.ClientMessages.ASK;
import static dev.greeter.http.bridge.ClientMessages.ASK_RECENT;
import static dev.greeter.http.bridge.ClientMessages.SUBSCRIBE;
import static dev.greeter.http.bridge.WebSocketPeer.RAW;
import static dev.greeter.http.bridge.WebSocketPeer.SOCKJS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Addresses;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may ask and subscribe to, and who answers. */
class BridgeTest extends ServedBridge {
    @ParameterizedTest
    @ValueSource(strings = {RAW, SOCKJS})
    void answersQueriesAtBothAddresses(String path) {
        WebSocketPeer peer = open(path);
        assertThat(peer.send(ASK).message().encode())
                .isEqualTo("{\"type\":\"rec\",\"address\":\"mine\",\"body\":{\"greeter.stats\":{\"scope\":\"node\"}}}");
        assertThat(peer.send(ASK_RECENT).message().encode())
                .isEqualTo(
                        "{\"type\":\"rec\",\"address\":\"mine\",\"body\":{\"greeter.exchanges.recent\":{\"limit\":50}}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {RAW, SOCKJS})
    void sendsUpdates(String path) {
        WebSocketPeer peer = open(path).send(SUBSCRIBE);
        assertThat(peer.send(ASK).message().getString("address")).isEqualTo("mine");
        server.vertx.eventBus().publish(Addresses.UPDATES, new JsonObject().put("n", 1));
        assertThat(peer.message().encode())
                .isEqualTo("{\"type\":\"rec\",\"address\":\"greeter.stats.updates\",\"body\":{\"n\":1}}");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            send,       greeter.exchanges,        access_denied
            publish,    greeter.exchanges,        rejected
            register,   greeter.exchanges,        access_denied
            unregister, greeter.exchanges,        access_denied
            publish,    greeter.stats,            rejected
            register,   greeter.stats,            access_denied
            publish,    greeter.exchanges.recent, rejected
            register,   greeter.exchanges.recent, access_denied
            send,       greeter.stats.updates,    access_denied
            publish,    greeter.stats.updates,    rejected
            send,       greeter.made.up,          access_denied
            publish,    greeter.made.up,          rejected
            register,   greeter.made.up,          access_denied
            send,       greeter,                  access_denied
            register,   greeter.stats.updates2,   access_denied
            send,       GREETER.STATS,            access_denied
            send,       __vertx.reply.1,          access_denied
            register,   mine,                     access_denied
            send,       mine,                     access_denied
            """)
    void refusesEverythingElse(String type, String address, String error) {
        WebSocketPeer peer = open(RAW);
        JsonObject answer =
                peer.send(ASK.copy().put("type", type).put("address", address)).message();
        JsonObject expected = new JsonObject().put("type", "err").put("body", error);
        if (type.equals("send")) {
            // which finds the callback of Vert.x's client
            expected.put("address", "mine")
                    .put("failureCode", 403)
                    .put("failureType", "RECIPIENT_FAILURE")
                    .put("message", error);
        }
        assertThat(answer).isEqualTo(expected);
        assertThat(peer.send(ASK).message().getString("type")).isEqualTo("rec");
        assertThat(server.ledger.exchanges()).isEmpty();
    }

    @Test
    void sendsRepliesToNoOtherClient() {
        WebSocketPeer peer = open(RAW);
        WebSocketPeer other = open(RAW).send(SUBSCRIBE);
        other.send(ASK).message();
        for (String address : new String[] {Addresses.EXCHANGES, Addresses.UPDATES, Addresses.STATS}) {
            JsonObject reply =
                    peer.send(ASK.copy().put("replyAddress", address)).message();
            assertThat(reply.getString("address")).isEqualTo(address);
        }
        assertThat(other.send(ASK).message().getString("address")).isEqualTo("mine");
        assertThat(server.ledger.exchanges()).isEmpty();
    }

    @Test
    void acceptsARegistrationOnceAndEndsIt() {
        WebSocketPeer peer = open(RAW).send(SUBSCRIBE).send(SUBSCRIBE);
        assertThat(peer.message().encode()).isEqualTo("{\"type\":\"err\",\"body\":\"address_already_registered\"}");
        server.vertx.eventBus().publish(Addresses.UPDATES, new JsonObject());
        assertThat(peer.message().getString("address")).isEqualTo(Addresses.UPDATES);

        peer.send(SUBSCRIBE.copy().put("type", "unregister")).send(ASK);
        assertThat(peer.message().getString("address")).isEqualTo("mine");
        server.vertx.eventBus().publish(Addresses.UPDATES, new JsonObject());
        assertThat(peer.send(ASK).message().getString("address")).isEqualTo("mine");
    }

    @Test
    void answersManyQueriesAtOnce() {
        WebSocketPeer peer = open(SOCKJS).sendAtOnce(Collections.nCopies(9, ASK));
        for (int i = 0; i < 9; i++) {
            assertThat(peer.message().getString("type")).isEqualTo("rec");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RAW, SOCKJS})
    void refusesABadQuery(String path) {
        stats.unregister().await();
        server.vertx
                .eventBus()
                .consumer(Addresses.STATS, message -> message.fail(Addresses.BAD_QUERY, "a scope of yours"));
        assertThat(open(path).send(ASK).message())
                .isEqualTo(new JsonObject()
                        .put("type", "err")
                        .put("address", "mine")
                        .put("failureCode", Addresses.BAD_QUERY)
                        .put("failureType", "RECIPIENT_FAILURE")
                        .put("message", "a scope of yours"));
    }

    /** The ledger of a node that has just died does not answer. */
    @Test
    void asksItsOwnLedgerIfTheNextOneDoesNotAnswer() {
        MessageConsumer<Object> silent = server.vertx.eventBus().consumer(Addresses.RECENT, message -> {});
        WebSocketPeer peer = open(RAW);
        for (int i = 0; i < 2; i++) {
            assertThat(peer.send(ASK_RECENT).message().getString("type")).isEqualTo("rec");
        }
        silent.unregister().await();
    }

    @Test
    void reportsThatTheLedgerIsAway() {
        WebSocketPeer peer = open(RAW);
        stats.unregister().await();
        JsonObject answer = peer.send(ASK).message();
        assertThat(answer.getString("type")).isEqualTo("err");
        assertThat(answer.getString("address")).isEqualTo("mine");
        assertThat(answer.getString("failureType")).isEqualTo("NO_HANDLERS");
    }
}
