package dev.greeter.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplyDecoderTest {
    @ParameterizedTest
    @MethodSource("examplesOfLines")
    void readsAndWritesEveryExampleToTheOctet(WireExample example) {
        byte[] said = example.said(false);
        for (int segment = 1; segment <= Math.max(1, said.length); segment++) {
            List<Reply> replies = read(said, segment);
            ByteBuf written = Unpooled.buffer();
            replies.forEach(reply -> reply.writeTo(written));
            assertThat(written.toString(US_ASCII)).isEqualTo(WireExample.text(said));
            assertThat(replies).noneMatch(Reply.Unknown.class::isInstance);
        }
    }

    @Test
    void readsWhatASessionSays() {
        byte[] said = WireExample.load("session").said(false);
        assertThat(read(said, said.length))
                .containsExactly(
                        new Reply.Preface(),
                        new Reply.World(null),
                        new Reply.World("7f3a"),
                        new Reply.Node("greeter-0"));
    }

    @Test
    void readsARefusalOfACodeThatItDoesNotKnow() {
        assertThat(read("Error not-today come back\n".getBytes(US_ASCII), 3))
                .containsExactly(new Reply.Refused("not-today", "come back"));
        assertThat(read("Error odd\n".getBytes(US_ASCII), 3)).containsExactly(new Reply.Refused("odd", ""));
    }

    @Test
    void keepsALineThatNoServerSays() {
        assertThat(read("Worlds\n".getBytes(US_ASCII), 9)).containsExactly(new Reply.Unknown("Worlds"));
    }

    @Test
    void givesUpALineWithoutEnd() {
        ReplyDecoder decoder = new ReplyDecoder();
        assertThat(decoder.next(Unpooled.copiedBuffer("x".repeat(100_000), US_ASCII)))
                .isEqualTo(new Reply.Unknown("a line of more than 256 octets"));
    }

    /** One-shot answers are not lines: the close ends them. */
    static Stream<WireExample> examplesOfLines() {
        return WireExample.all().stream().filter(example -> !example.name().startsWith("oneshot"));
    }

    private static List<Reply> read(byte[] octets, int segment) {
        ReplyDecoder decoder = new ReplyDecoder();
        List<Reply> replies = new ArrayList<>();
        for (int from = 0; from < octets.length; from += segment) {
            ByteBuf in = Unpooled.wrappedBuffer(octets, from, Math.min(segment, octets.length - from));
            Reply reply = decoder.next(in);
            while (reply != null) {
                replies.add(reply);
                reply = decoder.next(in);
            }
        }
        return replies;
    }
}
