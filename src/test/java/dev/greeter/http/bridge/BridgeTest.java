package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Addresses;
import dev.greeter.http.TestServer;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeTest {
    private static final String RAW = "/eventbus/websocket";
    private static final String SOCKJS = "/eventbus/000/abcdefgh/websocket";
    private static final JsonObject ASK = new JsonObject()
            .put("type", "send")
            .put("address", Addresses.STATS)
            .put("replyAddress", "mine")
            .put("body", new JsonObject().put("scope", "node"));
    private static final JsonObject ASK_RECENT = new JsonObject()
            .put("type", "send")
            .put("address", Addresses.RECENT)
            .put("replyAddress", "mine");
    private static final JsonObject SUBSCRIBE =
            new JsonObject().put("type", "register").put("address", Addresses.UPDATES);

    private TestServer server;
    private MessageConsumer<Object> stats;

    @BeforeEach
    void start() {
        server = TestServer.web();
        stats = answer(Addresses.STATS);
        answer(Addresses.RECENT);
    }

    private MessageConsumer<Object> answer(String address) {
        return server.vertx
                .eventBus()
                .consumer(address, message -> message.reply(new JsonObject().put(address, message.body())));
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            []                                                                | invalid_json
            1                                                                 | invalid_json
            "ping"                                                            | invalid_json
            {}                                                                | missing_type
            {"type":null}                                                     | missing_type
            {"type":"send"}                                                   | missing_address
            {"type":"send","address":null}                                    | missing_address
            {"type":1,"address":"greeter.stats"}                              | invalid_type
            {"type":{},"address":"greeter.stats"}                             | invalid_type
            {"type":"PING","address":"greeter.stats"}                         | invalid_type
            {"type":"shout","address":"greeter.stats"}                        | invalid_type
            {"type":"send","address":{}}                                      | access_denied
            {"type":"send","address":["greeter.stats"]}                       | access_denied
            {"type":"send","address":"greeter.stats","replyAddress":[1]}      | invalid_reply_address
            {"type":"send","address":"greeter.stats","replyAddress":1}        | invalid_reply_address
            {"type":"register","address":null}                                | missing_address
            {"type":"register","address":[]}                                  | access_denied
            {"type":"register","address":true}                                | access_denied
            """)
    void refusesABadMessage(String text, String error) {
        for (String path : new String[] {RAW, SOCKJS}) {
            WebSocketPeer peer = open(path);
            assertThat(peer.sendMessage(text).message().encode())
                    .isEqualTo("{\"type\":\"err\",\"body\":\"" + error + "\"}");
            assertThat(peer.send(ASK).message().getString("type")).isEqualTo("rec");
            peer.close();
        }
    }

    @Test
    void refusesAReplyAddressLongerThanVertxsClientsHave() {
        WebSocketPeer peer = open(RAW);
        JsonObject longest =
                peer.send(ASK.copy().put("replyAddress", "x".repeat(36))).message();
        assertThat(longest.getString("address")).isEqualTo("x".repeat(36));
        JsonObject longer =
                peer.send(ASK.copy().put("replyAddress", "x".repeat(37))).message();
        assertThat(longer.encode()).isEqualTo("{\"type\":\"err\",\"body\":\"invalid_reply_address\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"ping\"}",
                "{\"type\":\"ping\",\"address\":\"greeter\",\"more\":{}}",
                "{\"type\":\"send\",\"address\":\"greeter.stats\"}",
                "{\"type\":\"send\",\"address\":\"greeter.stats\",\"headers\":1,\"body\":1}",
                "{\"type\":\"unregister\",\"address\":\"greeter.stats.updates\"}",
            })
    void sendsNoReplyWithoutAReplyAddress(String text) {
        WebSocketPeer peer = open(RAW).sendMessage(text).send(ASK);
        assertThat(peer.message().getString("address")).isEqualTo("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "[]", "true", "\"node\"", "1e99", "123456789012345678901234567890", "{\"limit\":1}"})
    void refusesABadBody(String body) {
        String query = ASK.copy().put("body", 0).encode().replace("\"body\":0", "\"body\":" + body);
        JsonObject answer = open(RAW).sendText(query).message();
        assertThat(answer.getString("address")).isEqualTo("mine");
        assertThat(answer.getInteger("failureCode")).isEqualTo(Addresses.BAD_QUERY);
        assertThat(answer.getString("message")).startsWith("stats query: ");
    }

    @Test
    void ignoresUnknownMembers() {
        JsonObject more = ASK.copy().put("event", "x").put("more", new JsonObject().put("a", 1));
        assertThat(open(RAW).send(more).message().getString("type")).isEqualTo("rec");
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "{\"x-from\":\"a page\"}",
                "{\"x-from\":\"\"}",
                "{\"\":\"\"}",
                "{\"X Y\\r\\n\":\"\\r\\n\"}",
                "{\"x-count\":3,\"x-share\":0.5,\"x-on\":true}",
            })
    void acceptsHeaders(String headers) {
        JsonObject answer = askWithHeaders(headers);
        assertThat(answer.encode())
                .isEqualTo("{\"type\":\"rec\",\"address\":\"mine\",\"body\":{\"greeter.stats\":{\"scope\":\"node\"}}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "true",
                "\"x-from\"",
                "[]",
                "[{}]",
                "{\"x-from\":null}",
                "{\"x-from\":[\"a\"]}",
                "{\"x-from\":{}}",
                "{\"x-on\":true,\"x-from\":[]}",
            })
    void refusesBadHeaders(String headers) {
        assertThat(askWithHeaders(headers))
                .isEqualTo(new JsonObject()
                        .put("type", "err")
                        .put("address", "mine")
                        .put("failureCode", Addresses.BAD_QUERY)
                        .put("failureType", "RECIPIENT_FAILURE")
                        .put("message", "headers: allowed is an object of texts, numbers, true and false"));
    }

    private JsonObject askWithHeaders(String headers) {
        String query = ASK.copy().put("headers", new JsonObject()).encode();
        return open(RAW)
                .sendText(query.replace("\"headers\":{}", "\"headers\":" + headers))
                .message();
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
        stats = server.vertx
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET     | /eventbus/websocket          | 426
            HEAD    | /eventbus/websocket          | 426
            OPTIONS | /eventbus/websocket          | 204
            POST    | /eventbus/websocket          | 405
            GET     | /eventbus/0/a/websocket      | 426
            GET     | /eventbus                    | 200
            GET     | /eventbus/info               | 200
            POST    | /eventbus/info               | 405
            POST    | /eventbus/0/a/xhr            | 404
            GET     | /eventbus/0/a/eventsource    | 404
            GET     | /eventbus/0/a/htmlfile?c=a   | 404
            GET     | /eventbus/0/a/jsonp?c=a      | 404
            GET     | /eventbus/iframe.html        | 404
            POST    | /eventbus/chunking_test      | 404
            GET     | /eventbus/../stats           | 404
            """)
    void answersRequestsThatAreNoHandshake(String method, String target, int status) {
        String response = server.connect()
                .request(method + " " + target + " HTTP/1.1", "host: greeter", "connection: close")
                .toEnd();
        assertThat(response).startsWith("HTTP/1.1 " + status + " ").contains("\r\nx-greeter-node: greeter-0\r\n");
        server.undeploy().await();
        assertThat(server.ledger.cut()).isZero();
    }
}
