package dev.greeter.http.bridge;

import static dev.greeter.http.bridge.ClientMessages.ASK;
import static dev.greeter.http.bridge.WebSocketPeer.MASK;
import static dev.greeter.http.bridge.WebSocketPeer.RAW;
import static dev.greeter.http.bridge.WebSocketPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that RFC 6455 forbids, and control frames. */
class BridgeFramesTest extends QuietBridge {
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
        WebSocketPeer.awaitFreePlaces(server);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999})
    void answersACloseWithItsStatus(int status) {
        WebSocketPeer peer = open(RAW).sendOctets(closeFrame(status, "because"));
        WebSocketPeer.Frame frame = peer.read();
        assertThat(frame.status()).isEqualTo(status);
        assertThat(peer.client.toEnd()).isEmpty();
        WebSocketPeer.awaitFreePlaces(server);
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
}
