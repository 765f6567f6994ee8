package dev.greeter.greeting;

import dev.greeter.bus.Form;
import dev.greeter.faults.ActiveFault;
import dev.greeter.faults.FaultKind;
import dev.greeter.faults.Faults;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.Request;
import dev.greeter.protocol.RequestDecoder;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What one client says and is answered (sections 1 to 5 of {@code src/docs/protocol.md}), whatever its connection makes
 * of it. Used by its event loop only.
 */
final class GreetingHandler {
    /** How the connection goes on once the answers are out. */
    enum Next {
        /** With what the client says next. */
        READ_ON,
        /** Not at all: they were the last. */
        FINISH,
        /** Not at all, and by a reset. */
        RESET,
        /** A fault holds a request back: {@link #held}. */
        HOLD
    }

    /** A request that a fault holds back. */
    record Held(ActiveFault fault, @Nullable String token, int octets) {}

    private final Reply.Node node;
    private final Faults faults;
    private final RequestDecoder decoder = new RequestDecoder();
    private Form form = Form.UNKNOWN;
    private @Nullable Held held;

    GreetingHandler(Reply.Node node, Faults faults) {
        this.node = node;
        this.faults = faults;
    }

    Form form() {
        return form;
    }

    /** Whether some of a request has come, but not all of it. */
    boolean isMidRequest() {
        return decoder.isMidRequest();
    }

    /** Octets of a request of which not all has come. */
    int heldOctets() {
        return decoder.heldOctets();
    }

    /** What it holds back, after {@link Next#HOLD}. */
    @Nullable
    Held held() {
        return held;
    }

    /** Answers what has come, and consumes it as far as the next step is {@link Next#READ_ON}. */
    Next answer(ByteBuf octets, ResponseBatch answers) {
        Request request = decoder.next(octets);
        while (request != null) {
            Next next = answer(request, answers);
            if (next != Next.READ_ON) {
                return next;
            }
            request = decoder.next(octets);
        }
        return Next.READ_ON;
    }

    /** Answers what it held back, and then what came behind it. */
    Next resume(Held request, ByteBuf rest, ResponseBatch answers) {
        held = null;
        Next next = world(request.token(), request.octets(), answers);
        return next == Next.READ_ON ? answer(rest, answers) : next;
    }

    /** The client says no more. */
    void end(ResponseBatch answers) {
        Request.Malformed unfinished = decoder.end();
        if (unfinished != null) {
            answers.refuse(unfinished, decoder.octets());
        }
    }

    /** The client says nothing for too long. */
    void timeOut(boolean draining, ResponseBatch answers) {
        if (isMidRequest()) {
            answers.refuse(Request.Malformed.TIMEOUT, heldOctets());
        } else if (draining) {
            answers.say(Reply.Bye.INSTANCE);
        } else {
            // nothing was asked, so it is no exchange
            answers.say(new Reply.Refused(Request.Malformed.TIMEOUT));
        }
    }

    private Next answer(Request request, ResponseBatch answers) {
        if (request instanceof Request.Hello hello) {
            return greet(hello.token(), answers);
        }
        if (request instanceof Request.OneShot) {
            form = Form.ONESHOT;
            return greet(null, answers);
        }
        if (request instanceof Request.Malformed malformed) {
            answers.refuse(malformed, decoder.octets());
            return Next.FINISH;
        }
        if (request instanceof Request.Preface) {
            form = Form.SESSION;
            answers.say(Reply.Preface.INSTANCE);
        } else {
            answers.say(node);
        }
        return Next.READ_ON;
    }

    private Next greet(@Nullable String token, ResponseBatch answers) {
        ActiveFault fault = faults.next();
        return fault == null ? world(token, decoder.octets(), answers) : suffer(fault, token, answers);
    }

    private Next world(@Nullable String token, int octets, ResponseBatch answers) {
        if (form == Form.ONESHOT) {
            answers.oneShot(octets);
            return Next.FINISH;
        }
        answers.world(token, octets);
        return Next.READ_ON;
    }

    private Next suffer(ActiveFault fault, @Nullable String token, ResponseBatch answers) {
        int octets = decoder.octets();
        return switch (fault.kind()) {
            case WRONG -> {
                answers.wrong(form, token, octets);
                yield form == Form.ONESHOT ? Next.FINISH : Next.READ_ON;
            }
            case REFUSE -> {
                answers.refuse(Request.Malformed.BUSY, octets);
                yield Next.FINISH;
            }
            case TRUNCATE -> {
                answers.truncate(form, token, octets);
                yield Next.FINISH;
            }
            case CLOSE, RESET -> {
                answers.fail(token, fault.kind(), octets);
                yield fault.kind() == FaultKind.RESET ? Next.RESET : Next.FINISH;
            }
            case DELAY, STALL -> {
                held = new Held(fault, token, octets);
                yield Next.HOLD;
            }
        };
    }
}
