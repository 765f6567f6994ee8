package dev.greeter.client;

import dev.greeter.client.connect.Dialer;
import dev.greeter.client.connect.TlsConnector;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.ReplyDecoder;
import dev.greeter.protocol.RequestWriter;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends pipelined {@code Hello}s with a token each, which are answered in order (sections 3 to 5 of {@code
 * src/docs/protocol.md}). Its result is how many were answered: all, or fewer if the server said {@code Bye} or no more were
 * wanted.
 */
final class SessionCall extends GreetingCall<Long> {
    private static final int LINES_PER_WRITE = 256;

    private final long count;
    private final Predicate<Reply> answers;
    private final ReplyDecoder decoder = new ReplyDecoder();

    /** Differs between sessions, so that an answer that belongs to another session is detected. */
    private final String session =
            Integer.toHexString(ThreadLocalRandom.current().nextInt());

    private boolean awaitsPreface = true;
    private boolean awaitsNode;
    private long sent;
    private long answered;

    SessionCall(
            Vertx vertx,
            Dialer dialer,
            GreetingTarget target,
            @Nullable TlsConnector tls,
            Duration timeout,
            boolean who,
            long count,
            Predicate<Reply> answers) {
        super(vertx, dialer, target, tls, timeout);
        this.awaitsNode = who;
        this.count = count;
        this.answers = answers;
    }

    @Override
    void ask(NetSocket socket) {
        socket.drainHandler(room -> send(socket));
        write(socket, out -> {
            RequestWriter.preface(out);
            if (awaitsNode) {
                RequestWriter.who(out);
            }
        });
        send(socket);
    }

    @Override
    void read(ByteBuf octets) {
        Reply reply = decoder.next(octets);
        while (reply != null && take(reply)) {
            reply = decoder.next(octets);
        }
    }

    @Override
    void closed() {
        if (answered == count && !decoder.isMidReply()) {
            succeed(answered);
        } else {
            stop("closed");
        }
    }

    @Override
    String progress() {
        return awaitsPreface ? "before an answer" : "after " + answered + " of " + count + " answers";
    }

    private void send(NetSocket socket) {
        while (sent < count && !socket.writeQueueFull()) {
            long end = Math.min(count, sent + LINES_PER_WRITE);
            Future<Void> written = write(socket, out -> {
                while (sent < end) {
                    sent++;
                    RequestWriter.hello(out, token(sent));
                }
            });
            if (sent == count) {
                written.onSuccess(all -> halfClose(socket));
            }
        }
    }

    /** Takes a reply, and returns whether the session goes on. */
    private boolean take(Reply reply) {
        if (reply instanceof Reply.Refused) {
            fail("answered " + GreetingClient.text(reply));
        } else if (reply instanceof Reply.Bye) {
            succeed(answered);
        } else if (!isExpected(reply)) {
            fail("answered " + TerminalText.quoted(GreetingClient.text(reply)) + ", expected " + expected());
        } else if (advance(reply)) {
            return true;
        } else {
            succeed(answered);
        }
        return false;
    }

    private boolean isExpected(Reply reply) {
        if (awaitsPreface) {
            return reply instanceof Reply.Preface;
        }
        if (awaitsNode) {
            return reply instanceof Reply.Node;
        }
        return answered < count && reply.equals(new Reply.World(token(answered + 1)));
    }

    private String expected() {
        if (awaitsPreface) {
            return "\"GREETING/2\"";
        }
        if (awaitsNode) {
            return "\"Node\" and its name";
        }
        return answered < count ? TerminalText.quoted("World " + token(answered + 1)) : "the close";
    }

    /** Whether more answers are wanted. */
    private boolean advance(Reply reply) {
        if (awaitsPreface) {
            awaitsPreface = false;
            return true;
        }
        if (awaitsNode) {
            awaitsNode = false;
        } else {
            answered++;
        }
        return answers.test(reply);
    }

    private String token(long number) {
        return session + "-" + number;
    }
}
