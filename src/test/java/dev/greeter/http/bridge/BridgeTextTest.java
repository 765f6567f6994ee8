package dev.greeter.http.bridge;

import static dev.greeter.http.bridge.ClientMessages.ASK;
import static dev.greeter.http.bridge.WebSocketPeer.RAW;
import static dev.greeter.http.bridge.WebSocketPeer.SOCKJS;
import static dev.greeter.http.bridge.WebSocketPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is no JSON (RFC 8259), and JSON that is no message of SockJS. */
class BridgeTextTest extends QuietBridge {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Hello",
                "null",
                "{",
                "{}}",
                "{} {}",
                "{},",
                "{type:\"ping\"}",
                "{'type':'ping'}",
                "{\"type\":\"ping\",}",
                "{\"type\":\"ping\" \"a\":1}",
                "{\"type\":\"ping\"}//a",
                "/*a*/{\"type\":\"ping\"}",
                "#a\n{\"type\":\"ping\"}",
                "{\"type\":\"ping\",\"type\":\"ping\"}",
                "{\"type\":\"ping\",\"a\":{\"b\":1,\"b\":2}}",
                "{\"type\":\"ping\",\"a\":NaN}",
                "{\"type\":\"ping\",\"a\":Infinity}",
                "{\"type\":\"ping\",\"a\":-Infinity}",
                "{\"type\":\"ping\",\"a\":01}",
                "{\"type\":\"ping\",\"a\":-01}",
                "{\"type\":\"ping\",\"a\":+1}",
                "{\"type\":\"ping\",\"a\":.5}",
                "{\"type\":\"ping\",\"a\":5.}",
                "{\"type\":\"ping\",\"a\":0x1}",
                "{\"type\":\"ping\",\"a\":1e}",
                "{\"type\":\"ping\",\"a\":True}",
                "{\"type\":\"ping\",\"a\":undefined}",
                "{\"type\":\"ping\",\"a\":\"\t\"}",
                "{\"type\":\"ping\",\"a\":\"\n\"}",
                "{\"type\":\"ping\",\"a\":\"\\x41\"}",
                "{\"type\":\"ping\",\"a\":\"\\'\"}",
                "{\"type\":\"ping\",\"a\":\"\\u12\"}",
                "{\"type\":\"ping\",\"a\":\"\\ud800\"}",
                "{\"type\":\"ping\",\"a\":\"\\udc00\\ud800\"}",
                "{\"type\":\"ping\",\"\\ud800\":1}",
                "{\"type\":\"ping\",\"a\":[1,]}",
                "{\"type\":\"ping\",\"a\":[,1]}",
                "\u00EF\u00BB\u00BF{\"type\":\"ping\"}",
                "\u00C2\u00A0{\"type\":\"ping\"}",
                "\f{\"type\":\"ping\"}",
                "{\"type\":\"ping\"}\0",
            })
    void refusesTextThatIsNoJson(String octets) {
        for (int opcode : List.of(WebSocketPeer.TEXT, 2)) {
            WebSocketPeer peer = open(RAW).sendOctets(frame(0x80 | opcode, octets));
            assertThat(peer.message().encode()).isEqualTo("{\"type\":\"err\",\"body\":\"invalid_json\"}");
            assertThat(peer.send(ASK).message().getString("type")).isEqualTo("rec");
            peer.close();
        }
    }

    @ParameterizedTest
    @MethodSource("large")
    void refusesJsonOfNoUse(String text) {
        WebSocketPeer peer = open(RAW).sendText(text);
        assertThat(peer.message().encode()).isEqualTo("{\"type\":\"err\",\"body\":\"invalid_json\"}");
        assertThat(peer.send(ASK).message().getString("type")).isEqualTo("rec");
    }

    private static Stream<String> large() {
        return Stream.of(
                "[".repeat(1_000),
                "{\"a\":".repeat(200),
                "[".repeat(400) + "]".repeat(400),
                "{\"type\":\"ping\",\"a\":" + "9".repeat(900) + "}",
                "{\"type\":\"ping\",\"a\":0." + "9".repeat(900) + "}",
                "{\"type\":\"ping\",\"a\":1e400}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"ping\",\"a\":1e300}",
                "{\"type\":\"ping\",\"a\":123456789012345678901234567890}",
                "{\"type\":\"ping\",\"a\":\"\\ud83d\\ude00\\u0000\\/\"}",
                " \t\r\n{ \"type\" : \"ping\" } ",
                "{\"type\":\"ping\",\"\":null}",
            })
    void acceptsJson(String text) {
        WebSocketPeer peer = open(RAW).sendText(text);
        assertThat(peer.send(ASK).message().getString("type")).isEqualTo("rec");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "{}",
                "{\"type\":\"ping\"}",
                "[",
                "[{}]",
                "[1]",
                "[null]",
                "[[]]",
                "[\"{}\",1]",
                "null",
                "1",
                "[\"{}\"]]",
                "['{}']",
                "[\"{}\",]",
                "[\"\\ud800\"]",
                "[\"\t\"]",
                "/**/[]"
            })
    void endsAConnectionByABadMessageOfSockJs(String text) {
        WebSocketPeer peer = open(SOCKJS).sendText(text);
        assertThat(peer.closed()).isEqualTo(1007);
        peer.close();
        assertThat(peer.client.toEnd()).isEmpty();
        WebSocketPeer.awaitFreePlaces(server);
    }

    @Test
    void endsBinaryFramesOfSockJs() {
        WebSocketPeer peer = open(SOCKJS).sendOctets(frame(0x82, "[]"));
        assertThat(peer.closed()).isEqualTo(1003);
        peer.close();
        WebSocketPeer.awaitFreePlaces(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "\"{\\\"type\\\":\\\"ping\\\"}\"", "[\"{\\\"type\\\":\\\"ping\\\"}\"]"})
    void acceptsMessagesOfSockJs(String text) {
        WebSocketPeer peer = open(SOCKJS).sendText(text);
        assertThat(peer.send(ASK).message().getString("type")).isEqualTo("rec");
    }
}
