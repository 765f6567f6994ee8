package dev.greeter.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Addresses;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
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
    void takesRequestsAtBothAddresses(String path) {
        WebSocketPeer peer = open(path);
        for (String address : new String[] {Addresses.STATS, Addresses.RECENT}) {
            assertThat(peer.send(ASK.copy().put("address", address)).message().encode())
                    .isEqualTo("{\"type\":\"rec\",\"address\":\"mine\",\"body\":{\"" + address
                            + "\":{\"scope\":\"node\"}}}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RAW, SOCKJS})
    void handsOutWhatIsPublished(String path) {
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
        assertThat(answer.encode()).isEqualTo("{\"type\":\"err\",\"body\":\"" + error + "\"}");
        assertThat(peer.send(ASK).message().getString("type")).isEqualTo("rec");
        assertThat(server.ledger.exchanges()).isEmpty();
    }

    @Test
    void takesAReplyAddressForANameAndNothingElse() {
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
    @ValueSource(
            strings = {
                "",
                "Hello",
                "null",
                "[]",
                "1",
                "\"ping\"",
                "{",
                "{}",
                "{\"type\":1}",
                "{\"type\":\"send\"}",
                "{\"type\":\"send\",\"address\":{}}",
                "{\"type\":\"send\",\"address\":\"greeter.stats\"}",
                "{\"type\":\"send\",\"address\":\"greeter.stats\",\"replyAddress\":[1]}",
                "{\"type\":\"register\",\"address\":null}",
                "{\"type\":\"register\",\"address\":[]}",
                "{\"type\":\"unregister\",\"address\":\"greeter.stats.updates\"}",
                "{\"type\":\"shout\",\"address\":\"greeter.stats\"}",
                "{\"type\":\"ping\"}",
            })
    void goesOnAfterWhatItDoesNotUnderstand(String text) {
        WebSocketPeer peer = open(RAW).sendText(text).send(ASK);
        await().until(() -> "mine".equals(peer.message().getString("address")));
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
    void saysThatHeadersAreNone(String headers) {
        assertThat(askWithHeaders(headers))
                .isEqualTo(new JsonObject()
                        .put("type", "err")
                        .put("address", "mine")
                        .put("failureCode", Addresses.BAD_QUERY)
                        .put("failureType", "RECIPIENT_FAILURE")
                        .put("message", "headers: allowed is an object of texts and numbers"));
    }

    private JsonObject askWithHeaders(String headers) {
        String query = ASK.copy().put("headers", new JsonObject()).encode();
        return open(RAW)
                .sendText(query.replace("\"headers\":{}", "\"headers\":" + headers))
                .message();
    }

    @Test
    void answersAllThatIsAskedAtOnce() {
        WebSocketPeer peer = open(SOCKJS).sendAtOnce(Collections.nCopies(9, ASK));
        for (int i = 0; i < 9; i++) {
            assertThat(peer.message().getString("type")).isEqualTo("rec");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {RAW, SOCKJS})
    void saysWhatWasWrongWithAQuery(String path) {
        Await.done(stats.unregister());
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

    /** As a node does that has just died. */
    @Test
    void asksItsOwnLedgerWhereTheOneWhoseTurnItIsDoesNotAnswer() {
        MessageConsumer<Object> silent = server.vertx.eventBus().consumer(Addresses.RECENT, message -> {});
        WebSocketPeer peer = open(RAW);
        for (int i = 0; i < 2; i++) {
            assertThat(peer.send(ASK.copy().put("address", Addresses.RECENT))
                            .message()
                            .getString("type"))
                    .isEqualTo("rec");
        }
        Await.done(silent.unregister());
    }

    @Test
    void saysSoWhereTheLedgerIsAway() {
        WebSocketPeer peer = open(RAW);
        Await.done(stats.unregister());
        JsonObject answer = peer.send(ASK).message();
        assertThat(answer.getString("type")).isEqualTo("err");
        assertThat(answer.getString("address")).isEqualTo("mine");
        assertThat(answer.getString("failureType")).isEqualTo("NO_HANDLERS");
    }

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
    void endsAConnectionThatSendsTooMuch() {
        WebSocketPeer peer = open(RAW);
        for (int i = 0; i < 11; i++) {
            peer.sendText("{\"type\":\"ping\"}");
        }
        assertThat(peer.closed()).isEqualTo(1008);
    }

    @Test
    void countsWhatSockJsSendsAtOnceOneByOne() {
        WebSocketPeer peer = open(SOCKJS);
        peer.sendText("[" + "\"{}\",".repeat(10) + "\"{}\"]");
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
    void takesAsMuchAsIsAllowedForLong() {
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
    void allowsSoManyConnectionsAndAnotherWhenOneEnds() {
        WebSocketPeer first = open(RAW);
        open(SOCKJS);
        String refused = WebSocketPeer.ask(server.connect(), RAW).response();
        assertThat(refused)
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("There are as many bridge connections as this server allows.");
        first.close();
        await().untilAsserted(() -> open(RAW));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            http://greeter,                       101
            https://greeter,                      101
            https://wall.example,                 101
            https://WALL.example,                 403
            http://wall.example,                  403
            https://wall.example:8443,            403
            https://wall.example.evil.example,    403
            http://greeter:81,                    403
            null,                                 403
            '',                                   403
            greeter,                              403
            """)
    void checksTheOriginOfRawAndOfSockJs(String origin, int status) {
        for (String path : new String[] {RAW, SOCKJS}) {
            String head = WebSocketPeer.ask(server.connect(), path, "origin: " + origin)
                    .head();
            assertThat(head).startsWith("HTTP/1.1 " + status + " ");
        }
        assertThat(server.connect().get("/eventbus/info", "origin: " + origin).head())
                .startsWith("HTTP/1.1 " + (status == 101 ? 200 : status) + " ");
    }

    @Test
    void refusesTwoOrigins() {
        assertThat(WebSocketPeer.ask(server.connect(), RAW, "origin: http://greeter", "origin: http://greeter")
                        .head())
                .startsWith("HTTP/1.1 403 ");
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
    void answersWhatIsNoWebSocket(String method, String target, int status) {
        String response = server.connect()
                .request(method + " " + target + " HTTP/1.1", "host: greeter", "connection: close")
                .toEnd();
        assertThat(response).startsWith("HTTP/1.1 " + status + " ").contains("\r\nx-greeter-node: greeter-0\r\n");
        Await.done(server.undeploy());
        assertThat(server.ledger.cut()).isZero();
    }

    @Test
    void refusesWhatIsNoCompleteHandshake() {
        String noKey = server.connect()
                .get(RAW, "upgrade: websocket", "connection: upgrade", "sec-websocket-version: 13")
                .response();
        String oldVersion = server.connect()
                .get(
                        RAW,
                        "upgrade: websocket",
                        "connection: upgrade",
                        "sec-websocket-version: 7",
                        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==")
                .response();
        for (String response : new String[] {noKey, oldVersion}) {
            assertThat(response)
                    .startsWith("HTTP/1.1 426 ")
                    .contains("\r\nupgrade: websocket\r\n")
                    .contains("\r\nsec-websocket-version: 13\r\n");
        }
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

    @ParameterizedTest
    @ValueSource(strings = {RAW, SOCKJS})
    void endsAtTheDrainAndIsNotCut(String path) {
        WebSocketPeer peer = open(path).send(SUBSCRIBE);
        peer.send(ASK).message();
        long start = System.nanoTime();

        Future<Void> stopped = server.undeploy();

        assertThat(peer.closed()).isEqualTo(1001);
        peer.close();
        assertThat(peer.client.toEnd()).isEmpty();
        Await.done(stopped);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        assertThat(server.ledger.cut()).isZero();
        assertThat(server.ledger.connections()).isZero();
    }

    @Test
    void doesNotHoldUpTheDrainWhereTheClientDoesNotAgree() {
        WebSocketPeer peer = open(RAW);
        peer.send(ASK).message();
        long start = System.nanoTime();

        Await.done(server.undeploy());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(peer.closed()).isEqualTo(1001);
        assertThat(server.ledger.cut()).isZero();
    }

    @Test
    void takesNoNewOneDuringTheDrain() {
        RawClient client = server.connect();
        client.get("/").response();
        WebSocketPeer peer = open(RAW);

        Future<Void> stopped = server.undeploy();

        assertThat(peer.closed()).isEqualTo(1001);
        assertThat(WebSocketPeer.ask(client, RAW).toEnd())
                .startsWith("HTTP/1.1 503 ")
                .contains("\r\nconnection: close\r\n");
        Await.done(stopped);
    }
}
