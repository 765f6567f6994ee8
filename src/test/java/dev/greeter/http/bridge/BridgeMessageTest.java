package dev.greeter.http.bridge;

import static dev.greeter.http.bridge.ClientMessages.ASK;
import static dev.greeter.http.bridge.WebSocketPeer.RAW;
import static dev.greeter.http.bridge.WebSocketPeer.SOCKJS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Addresses;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The members of a client's message: which values each may have, and how a bad one is refused. */
class BridgeMessageTest extends ServedBridge {
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
}
