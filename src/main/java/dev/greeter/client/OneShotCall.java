package dev.greeter.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.greeter.client.connect.Dialer;
import dev.greeter.client.connect.TlsConnector;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.ReplyDecoder;
import dev.greeter.protocol.RequestWriter;
import dev.greeter.protocol.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code Hello}, answered with {@code World} and the close (section 1 of {@code src/docs/protocol.md}). */
final class OneShotCall extends GreetingCall<Void> {
    /** The longest answer is an error's line with its terminator. */
    private static final int MAX_ANSWER_OCTETS = Wire.MAX_LINE_OCTETS + 2;

    /** The record of a TLS alert, which a TLS server answers to a greeting. */
    private static final String TLS_ALERT = "\u0015\u0003";

    private final ByteBuf answer = Unpooled.buffer(16, MAX_ANSWER_OCTETS);

    OneShotCall(Vertx vertx, Dialer dialer, GreetingTarget target, @Nullable TlsConnector tls, Duration timeout) {
        super(vertx, dialer, target, tls, timeout);
    }

    @Override
    void ask(NetSocket socket) {
        write(socket, RequestWriter::oneShot);
    }

    @Override
    void read(ByteBuf octets) {
        answer.writeBytes(octets, Math.min(octets.readableBytes(), answer.maxWritableBytes()));
        if (octets.isReadable()) {
            fail("answered more than " + MAX_ANSWER_OCTETS + " octets, " + TerminalText.quoted(text()));
        }
    }

    @Override
    void closed() {
        if (answer.isReadable()) {
            judge();
        } else {
            stop("closed");
        }
    }

    @Override
    void broken(Throwable cause) {
        // a server that did not read all we sent resets after its answer, which counts all the same
        if (text().equals("World") || text().endsWith("\n")) {
            judge();
        } else {
            super.broken(cause);
        }
    }

    @Override
    String progress() {
        return answer.isReadable() ? "after " + TerminalText.quoted(text()) : "before an answer";
    }

    private void judge() {
        String line = text().endsWith("\n") ? text() : text() + "\n";
        Reply reply = new ReplyDecoder().next(Unpooled.copiedBuffer(line, ISO_8859_1));
        if (reply instanceof Reply.World world && world.token() == null && isOneLine(line)) {
            succeed(null);
        } else if (reply instanceof Reply.Refused refused) {
            fail("answered " + GreetingClient.text(refused));
        } else if (line.startsWith(TLS_ALERT)) {
            fail("answered in TLS; a target over TLS is written tls://HOST:PORT");
        } else {
            fail("answered " + TerminalText.quoted(text()) + ", expected \"World\"");
        }
    }

    private static boolean isOneLine(String line) {
        return line.indexOf('\n') == line.length() - 1;
    }

    private String text() {
        return answer.toString(ISO_8859_1);
    }
}
