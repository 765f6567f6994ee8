package dev.greeter.greeting;

import dev.greeter.faults.FaultKind;
import dev.greeter.greeting.GreetingHandler.Held;
import dev.greeter.greeting.GreetingHandler.Next;
import io.netty.buffer.ByteBuf;
import java.time.Duration;

/** A request that a fault keeps from its answer, with what had come behind it. Used by its connection only, up to one end. */
final class HeldRequest {
    private final GreetingHandler dialogue;
    private final Held request;
    private final ByteBuf rest;
    private final ResponseBatch answers;

    /**
     * @param rest stays the caller's too
     * @param answers to the request and the rest, none yet
     */
    HeldRequest(GreetingHandler dialogue, Held request, ByteBuf rest, ResponseBatch answers) {
        this.dialogue = dialogue;
        this.request = request;
        this.rest = rest.retain();
        this.answers = answers;
    }

    /** Whether it is answered after {@link #delay}; otherwise it never is. */
    boolean isDelay() {
        return request.fault().kind() == FaultKind.DELAY;
    }

    Duration delay() {
        return request.fault().fault().delay();
    }

    boolean isFaultOver() {
        return request.fault().isOver();
    }

    ByteBuf rest() {
        return rest;
    }

    ResponseBatch answers() {
        return answers;
    }

    /** Its delay is over. */
    Next resume() {
        return dialogue.resume(request, rest, answers);
    }

    /** It ends without an answer. */
    ResponseBatch fail() {
        rest.release();
        answers.fail(request.token(), request.fault().kind(), request.octets());
        return answers;
    }

    /** The connection is gone, so none of it is answered. */
    void abandon(ResponseWriter delivery) {
        if (isDelay()) {
            Held next = request;
            while (next != null) {
                dialogue.resume(next, rest, answers);
                next = dialogue.held();
            }
            rest.release();
        } else {
            fail();
        }
        delivery.discard(answers, false);
    }
}
