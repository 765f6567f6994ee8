package dev.greeter.greeting;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Form;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import dev.greeter.faults.FaultKind;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The answers to what one read brought: the octets that go out in one write, and the exchanges that end with it. The
 * exchanges' parts stand in arrays, since a read can bring some thousand and each is made once its end is known.
 */
final class ResponseBatch {
    private final ByteBuf octets;
    private final Instant readAt = Instant.now();
    private final long readAtNanos = System.nanoTime();

    private @Nullable String[] tokens = new @Nullable String[4];
    private int[] requestOctets = new int[4];
    private int greetings;

    private @Nullable Unanswered last;

    /**
     * The last exchange, if it is not answered.
     *
     * @param outcome once what is said of it is handed over
     */
    private record Unanswered(Outcome outcome, @Nullable String token, String reason, int requestOctets) {}

    /** Takes the buffer over; writing it gives it away. */
    ResponseBatch(ByteBuf octets) {
        this.octets = octets;
    }

    ByteBuf octets() {
        return octets;
    }

    boolean isEmpty() {
        return !octets.isReadable();
    }

    /** What they hold of memory until they are handed over. */
    long weight() {
        return Backlog.weight(octets.readableBytes(), greetings);
    }

    /** {@code World} in the one-shot form. */
    void oneShot(int requestOctets) {
        Reply.oneShot(octets);
        add(null, requestOctets);
    }

    /** {@code World} within a session. */
    void world(@Nullable String token, int requestOctets) {
        Reply.world(octets, token);
        add(token, requestOctets);
    }

    /** A line that ends no exchange. */
    void say(Reply reply) {
        reply.writeTo(octets);
    }

    /** An {@code Error} that ends an exchange, the last of these. */
    void refuse(Request.Malformed request, int requestOctets) {
        new Reply.Refused(request).writeTo(octets);
        last = new Unanswered(Outcome.REFUSED, null, request.code().word(), requestOctets);
    }

    /** An exchange that a fault takes the answer of, the last of these. */
    void fail(@Nullable String token, FaultKind fault, int requestOctets) {
        last = new Unanswered(Outcome.FAILED, token, fault.reason(), requestOctets);
    }

    /** As {@link #fail}, after half of its answer. */
    void truncate(Form form, @Nullable String token, int requestOctets) {
        int start = octets.writerIndex();
        if (form == Form.ONESHOT) {
            Reply.oneShot(octets);
        } else {
            Reply.world(octets, token);
        }
        octets.writerIndex((start + octets.writerIndex()) / 2);
        fail(token, FaultKind.TRUNCATE, requestOctets);
    }

    /** A fault's, though as good an answer as any to whoever does not look. */
    void wrong(Form form, @Nullable String token, int requestOctets) {
        if (form == Form.ONESHOT) {
            Reply.wrongOneShot(octets);
        } else {
            Reply.wrongWorld(octets, token);
        }
        add(token, requestOctets);
    }

    private void add(@Nullable String token, int octetsOfRequest) {
        if (greetings == tokens.length) {
            tokens = Arrays.copyOf(tokens, greetings * 2);
            requestOctets = Arrays.copyOf(requestOctets, greetings * 2);
        }
        tokens[greetings] = token;
        requestOctets[greetings] = octetsOfRequest;
        greetings++;
    }

    /** The write ended: so did the exchanges. */
    void report(ExchangeReporter reporter, Form form, String peer, boolean handedOver) {
        long micros = Duration.ofNanos(System.nanoTime() - readAtNanos).toNanos() / 1_000;
        Outcome outcome = handedOver ? Outcome.ANSWERED : Outcome.FAILED;
        String reason = handedOver ? null : CLOSED;
        for (int i = 0; i < greetings; i++) {
            reporter.report(new Exchange(
                    readAt, Protocol.GREETING, form, outcome, peer, tokens[i], reason, requestOctets[i], micros));
        }
        if (last != null) {
            reporter.report(new Exchange(
                    readAt,
                    Protocol.GREETING,
                    form,
                    handedOver ? last.outcome() : Outcome.FAILED,
                    peer,
                    last.token(),
                    last.reason(),
                    last.requestOctets(),
                    micros));
        }
    }

    /** The reason of an exchange that the peer's going ended. */
    static final String CLOSED = "closed";
}
