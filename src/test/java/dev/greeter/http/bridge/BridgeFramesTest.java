package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Addresses;
import dev.greeter.http.QuietLog;
import dev.greeter.http.TestServer;
import dev.greeter.testing.RawClient;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that RFC 6455 forbids, and text that is no JSON (RFC 8259). */
class BridgeFramesTest {
    private static final String RAW = "/eventbus/websocket";
    private static final String SOCKJS = "/eventbus/000/abcdefgh/websocket";
    private static final String MASK = "\0\0\0\0";
    private static final JsonObject ASK =
            new JsonObject().put("type", "send").put("address", Addresses.STATS).put("replyAddress", "mine");

    private static TestServer server;

    private QuietLog log;

    @BeforeAll
    static void start() {
        server = TestServer.web();
        server.changeLimit(100);
        server.vertx.eventBus().consumer(Addresses.STATS, message -> message.reply(new JsonObject()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void listen() {
        log = QuietLog.listen();
    }

    @AfterEach
    void logsAtDebugOnly() {
        server.disconnect();
        log.close();
        log.assertQuiet();
    }

    /** Returns a masked frame with any first octet and a length up to 125. */
    private static String frame(int first, String payload) {
        return "" + (char) first + (char) (0x80 | payload.length()) + MASK + payload;
    }

    private static String closeFrame(int status, String reason) {
        return frame(0x88, "" + (char) (status >> 8) + (char) (status & 0xFF) + reason);
    }

    private static Stream<Arguments> brokenFrames() {
        return Stream.of(
                        Stream.of(
                                Arguments.of("unmasked", "\u0081\u0002{}", 1002),
                                Arguments.of("unmasked ping", "\u0089\0", 1002),
                                Arguments.of("first reserved bit", frame(0xC1, "{}"), 1002),
                                Arguments.of("second reserved bit", frame(0xA1, "{}"), 1002),
                                Arguments.of("third reserved bit", frame(0x91, "{}"), 1002),
                                Arguments.of("reserved bit of a control frame", frame(0xC9, ""), 1002),
                                Arguments.of("fragmented ping", frame(0x09, ""), 1002),
                                Arguments.of("fragmented close", frame(0x08, ""), 1002),
                                Arguments.of("ping of 126 octets", "\u0089\u00FE\0~" + MASK + "x".repeat(126), 1002),
                                Arguments.of("continuation of nothing", frame(0x80, "{}"), 1002),
                                Arguments.of("continuation after an end", frame(0x81, "{}") + frame(0x80, "{}"), 1002),
                                Arguments.of("text within a text", frame(0x01, "{") + frame(0x81, "}"), 1002),
                                Arguments.of("binary within a text", frame(0x01, "{") + frame(0x82, "}"), 1002),
                                Arguments.of("16 bits for a length of 2", "\u0081\u00FE\0\2" + MASK + "{}", 1002),
                                Arguments.of(
                                        "64 bits for a length of 2",
                                        "\u0081\u00FF\0\0\0\0\0\0\0\2" + MASK + "{}",
                                        1002),
                                Arguments.of(
                                        "a negative length",
                                        "\u0081\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF",
                                        1002),
                                Arguments.of("a length of 2^62", "\u0081\u00FF@\0\0\0\0\0\0\0", 1009),
                                Arguments.of("a length of 1025", "\u0081\u00FE\4\1" + MASK, 1009),
                                Arguments.of("no UTF-8", frame(0x81, "\u00FF"), 1007),
                                Arguments.of("overlong UTF-8", frame(0x81, "\u00C0\u00AF"), 1007),
                                Arguments.of("a surrogate in UTF-8", frame(0x81, "\u00ED\u00A0\u0080"), 1007),
                                Arguments.of("UTF-8 that is cut off", frame(0x81, "\u00E2\u0082"), 1007),
                                Arguments.of(
                                        "no UTF-8 in a second fragment",
                                        frame(0x01, "\u00E2\u0082") + frame(0x80, "("),
                                        1007),
                                Arguments.of("no UTF-8 in binary", frame(0x82, "\u00FF"), 1007),
                                Arguments.of("close of one octet", frame(0x88, "\3"), 1002),
                                Arguments.of("close with no UTF-8", closeFrame(1000, "\u00FF"), 1007)),
                        IntStream.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
                                .mapToObj(opcode -> Arguments.of("opcode " + opcode, frame(0x80 | opcode, ""), 1002)),
                        IntStream.of(0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
                                .mapToObj(status -> Arguments.of("close " + status, closeFrame(status, ""), 1002)))
                .flatMap(arguments -> arguments);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenFrames")
    void endsAConnectionByABadFrame(String what, String octets, int status) {
        WebSocketPeer peer = open(RAW).sendOctets(octets);
        assertThat(peer.closed()).as(what).isEqualTo(status);
        peer.close();
        assertThat(peer.client.toEnd()).isEmpty();
        assertAllPlacesAreFree();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999})
    void answersACloseWithItsStatus(int status) {
        WebSocketPeer peer = open(RAW).sendOctets(closeFrame(status, "because"));
        WebSocketPeer.Frame frame = peer.read();
        assertThat(frame.status()).isEqualTo(status);
        assertThat(peer.client.toEnd()).isEmpty();
        assertAllPlacesAreFree();
    }

    @Test
    void answersACloseWithoutAStatusWithNone() {
        WebSocketPeer peer = open(RAW).sendOctets(frame(0x88, ""));
        assertThat(peer.read()).isEqualTo(new WebSocketPeer.Frame(WebSocketPeer.CLOSE, ""));
        assertThat(peer.client.toEnd()).isEmpty();
    }

    @Test
    void closesIfTheClientSendsAfterItsClose() {
        WebSocketPeer peer = open(RAW).sendOctets(closeFrame(1000, "") + frame(0x81, ASK.encode()) + frame(0x88, ""));
        assertThat(peer.read().status()).isEqualTo(1000);
        assertThat(peer.client.toEnd()).isEmpty();
    }

    @Test
    void answersPingsAlsoWithinAMessage() {
        WebSocketPeer peer = open(RAW);
        String text = ASK.encode();
        peer.sendOctets(frame(0x01, text.substring(0, 9)) + frame(0x89, "a") + frame(0x80, text.substring(9)));
        assertThat(peer.read()).isEqualTo(new WebSocketPeer.Frame(0xA, "a"));
        assertThat(peer.message().getString("type")).isEqualTo("rec");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0"})
    void ignoresPongs(String payload) {
        WebSocketPeer peer = open(RAW).sendOctets(frame(0x8A, payload));
        assertThat(peer.send(ASK).message().getString("type")).isEqualTo("rec");
    }

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
        assertAllPlacesAreFree();
    }

    @Test
    void endsBinaryFramesOfSockJs() {
        WebSocketPeer peer = open(SOCKJS).sendOctets(frame(0x82, "[]"));
        assertThat(peer.closed()).isEqualTo(1003);
        peer.close();
        assertAllPlacesAreFree();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "\"{\\\"type\\\":\\\"ping\\\"}\"", "[\"{\\\"type\\\":\\\"ping\\\"}\"]"})
    void acceptsMessagesOfSockJs(String text) {
        WebSocketPeer peer = open(SOCKJS).sendText(text);
        assertThat(peer.send(ASK).message().getString("type")).isEqualTo("rec");
    }

    private static WebSocketPeer open(String path) {
        // the connection of the test before may count for another moment
        return await().ignoreExceptionsMatching(AssertionError.class::isInstance)
                .until(() -> WebSocketPeer.open(server.connect(), path), peer -> true);
    }

    private void assertAllPlacesAreFree() {
        await().untilAsserted(() -> {
            try (RawClient first = server.connect();
                    RawClient second = server.connect()) {
                WebSocketPeer.open(first, RAW);
                WebSocketPeer.open(second, RAW);
            }
        });
    }
}
