package dev.greeter.greeting;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Form;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The responses to one read: the octets that go out in one write, and the exchanges that end with it. An exchange is made
 * only when its end is known, because a read can bring some thousand.
 */
final class ResponseBatch {
    /** The reason of an exchange that ended because the peer went away. */
    static final String CLOSED = "closed";

    private final ByteBuf octets;
    private final Instant readAt = Instant.now();
    private final long readAtNanos = System.nanoTime();

    private Request.Greeting[] answered = new Request.Greeting[4];
    private int count;

    private @Nullable Unanswered last;

    /**
     * The last exchange, if it is not answered.
     *
     * @param outcome once its octets are handed over
     */
    private record Unanswered(Outcome outcome, @Nullable String token, String reason, int requestOctets) {}

    /** Takes the buffer over. */
    ResponseBatch(ByteBuf octets) {
        this.octets = octets;
    }

    ByteBuf octets() {
        return octets;
    }

    /** The memory that it holds until it is handed over, in octets. */
    long weight() {
        return Backlog.weight(octets.readableBytes(), count);
    }

    /** Answers {@code World}. */
    void world(Request.Greeting greeting) {
        Reply.world(octets, greeting);
        answered(greeting);
    }

    /** A line that ends no exchange. */
    void say(Reply reply) {
        reply.writeTo(octets);
    }

    /** The greeting's answer is in the octets. */
    void answered(Request.Greeting greeting) {
        if (count == answered.length) {
            answered = Arrays.copyOf(answered, count * 2);
        }
        answered[count] = greeting;
        count++;
    }

    /** Refuses the last exchange. */
    void refuse(Request.Malformed request) {
        request.refusal().writeTo(octets);
        last = new Unanswered(Outcome.REFUSED, null, request.refusal().code(), request.octets());
    }

    /** The last exchange is not answered, for this reason. */
    void fail(Request.Greeting greeting, String reason) {
        last = new Unanswered(Outcome.FAILED, greeting.token(), reason, greeting.octets());
    }

    /** Reports the exchanges, which have ended because the write has. */
    void report(ExchangeReporter reporter, Form form, String peer, boolean handedOver) {
        long micros = Duration.ofNanos(System.nanoTime() - readAtNanos).toNanos() / 1_000;
        Outcome outcome = handedOver ? Outcome.ANSWERED : Outcome.FAILED;
        String reason = handedOver ? null : CLOSED;
        for (int i = 0; i < count; i++) {
            Request.Greeting greeting = answered[i];
            reporter.report(new Exchange(
                    readAt,
                    Protocol.GREETING,
                    form,
                    outcome,
                    peer,
                    greeting.token(),
                    reason,
                    greeting.octets(),
                    micros));
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
}
