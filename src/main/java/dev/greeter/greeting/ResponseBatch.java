package dev.greeter.greeting;

import dev.greeter.bus.Outcome;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.Request;
import io.netty.buffer.ByteBuf;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The responses to one read: the octets that go out in one write, and the requests whose exchanges end with it. */
final class ResponseBatch {
    private final ByteBuf octets;
    private final Instant readAt = Instant.now();
    private final long readAtNanos = System.nanoTime();

    private Request.Greeting[] answered = new Request.Greeting[4];
    private int size;

    private @Nullable Unanswered last;

    /**
     * The last request, if it is not answered.
     *
     * @param outcome once the octets are handed over
     */
    record Unanswered(Outcome outcome, @Nullable String token, String reason, int octets) {}

    /** Takes the buffer over. */
    ResponseBatch(ByteBuf octets) {
        this.octets = octets;
    }

    ByteBuf octets() {
        return octets;
    }

    Instant readAt() {
        return readAt;
    }

    /** The time since it was read, in microseconds. */
    long micros() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - readAtNanos);
    }

    /** The number of requests that are answered. */
    int size() {
        return size;
    }

    /** A request that is answered, by its index. */
    Request.Greeting answered(int index) {
        return answered[index];
    }

    /** The index of the next answered request that differs from this one, or the size. */
    int endOfRun(int index) {
        int end = index + 1;
        while (end < size && answered[end].equals(answered[index])) {
            end++;
        }
        return end;
    }

    /** The last request, if it is not answered. */
    @Nullable
    Unanswered last() {
        return last;
    }

    /** The memory that it holds until it is handed over, in octets. */
    long weight() {
        return Backlog.weight(octets.readableBytes(), size);
    }

    /** Answers {@code World}. */
    void world(Request.Greeting greeting) {
        Reply.world(octets, greeting);
        add(greeting);
    }

    /** The octets have the answer to this greeting. */
    void add(Request.Greeting greeting) {
        if (size == answered.length) {
            answered = Arrays.copyOf(answered, size * 2);
        }
        answered[size] = greeting;
        size++;
    }

    /** Adds a line that ends no exchange. */
    void say(Reply reply) {
        reply.writeTo(octets);
    }

    /** Refuses the last request. */
    void refuse(Request.Malformed request) {
        request.refusal().writeTo(octets);
        last = new Unanswered(Outcome.REFUSED, null, request.refusal().code(), request.octets());
    }

    /** The last request is not answered, for this reason. */
    void fail(Request.Greeting greeting, String reason) {
        last = new Unanswered(Outcome.FAILED, greeting.token(), reason, greeting.octets());
    }
}
