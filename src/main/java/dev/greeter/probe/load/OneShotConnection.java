package dev.greeter.probe.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.greeter.probe.measure.Loss;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.ReplyDecoder;
import dev.greeter.protocol.RequestWriter;
import dev.greeter.protocol.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/** {@code Hello}, answered with {@code World} and the close (section 1 of {@code src/docs/protocol.md}). */
final class OneShotConnection extends SequentialConnection {
    /** The longest answer is an error's line with its terminator. */
    private static final int MAX_ANSWER_OCTETS = Wire.MAX_LINE_OCTETS + 2;

    private static final String WORLD = "World";

    private final ByteBuf answer = Unpooled.buffer(16, MAX_ANSWER_OCTETS);
    private long lastOctetNanos;

    OneShotConnection(SequentialDriver driver) {
        super(driver);
    }

    @Override
    void opened(ChannelHandlerContext socket) {
        ByteBuf hello = Unpooled.buffer(8);
        RequestWriter.oneShot(hello);
        write(hello);
    }

    @Override
    void received(Object message) {
        ByteBuf octets = (ByteBuf) message;
        lastOctetNanos = System.nanoTime();
        answer.writeBytes(octets, Math.min(octets.readableBytes(), answer.maxWritableBytes()));
        if (octets.isReadable()) {
            lose(Loss.of(Loss.Kind.WRONG, "answered more than " + MAX_ANSWER_OCTETS + " octets"));
            leave();
        }
    }

    /** A server that did not read all we sent resets after its answer, which counts all the same. */
    @Override
    void ended(Loss cause) {
        PendingExchange asked = exchange;
        if (asked != null && text().equals(WORLD)) {
            exchange = null;
            driver.answered(asked, null, lastOctetNanos);
        } else {
            lose(judged(cause));
        }
        driver.gone(this);
    }

    private Loss judged(Loss cause) {
        String text = text();
        Reply reply = new ReplyDecoder().next(answer);
        if (reply instanceof Reply.Refused refused) {
            return Loss.rejected(refused.code(), refused.text());
        }
        return WORLD.startsWith(text) ? cause : Loss.of(Loss.Kind.WRONG, "answered something other than World");
    }

    private String text() {
        return answer.toString(ISO_8859_1);
    }
}
