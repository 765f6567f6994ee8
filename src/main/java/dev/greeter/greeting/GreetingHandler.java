package dev.greeter.greeting;

import dev.greeter.bus.Form;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.Request;
import dev.greeter.protocol.RequestDecoder;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads one client's requests, and answers them (sections 1 to 5 of {@code src/docs/protocol.md}). Used by its connection
 * only.
 */
final class GreetingHandler {
    /** How the connection goes on after a response. */
    enum Next {
        /** With the client's next request. */
        READ_ON,
        /** The response was the last. */
        FINISH,
        /** The response was the last, and a reset comes after it. */
        RESET
    }

    private final Reply.Node node;
    private final Greeter greeter;
    private final ResponseWriter responses;
    private final RequestDecoder decoder = new RequestDecoder();

    GreetingHandler(Reply.Node node, Greeter greeter, ResponseWriter responses) {
        this.node = node;
        this.greeter = greeter;
        this.responses = responses;
    }

    boolean isInSession() {
        return decoder.isInSession();
    }

    /** Whether some of a request has come, but not all of it. */
    boolean isMidRequest() {
        return decoder.unfinishedOctets() > 0;
    }

    /** Answers the requests, up to one after which the next step is not {@link Next#READ_ON}. */
    Next read(ByteBuf octets) {
        Next next = Next.READ_ON;
        Request request = decoder.next(octets);
        while (request != null) {
            next = answer(request);
            request = next == Next.READ_ON ? decoder.next(octets) : null;
        }
        return next;
    }

    private Next answer(Request request) {
        if (request instanceof Request.Hello hello) {
            return greeter.greet(hello, responses);
        }
        if (request instanceof Request.OneShot oneShot) {
            responses.form(Form.ONESHOT);
            Next next = greeter.greet(oneShot, responses);
            return next == Next.READ_ON ? Next.FINISH : next;
        }
        if (request instanceof Request.Malformed malformed) {
            responses.batch().refuse(malformed);
            return Next.FINISH;
        }
        if (request instanceof Request.Preface) {
            responses.form(Form.SESSION);
            responses.batch().say(Reply.Preface.INSTANCE);
        } else {
            responses.batch().say(node);
        }
        return Next.READ_ON;
    }

    /** The client has ended its side. */
    void end() {
        refuse(decoder.refuseUnfinished(Reply.Refused.UNFINISHED));
    }

    /** The client has sent no request in time. */
    void timeOut(boolean draining) {
        if (isMidRequest()) {
            refuse(decoder.refuseUnfinished(Reply.Refused.TIMEOUT));
        } else {
            // nothing was asked, so it is no exchange
            responses.batch().say(draining ? Reply.Bye.INSTANCE : Reply.Refused.TIMEOUT);
        }
    }

    private void refuse(Request.@Nullable Malformed unfinished) {
        if (unfinished != null) {
            responses.batch().refuse(unfinished);
        }
    }

    /** The client has gone. */
    void close() {
        if (isMidRequest()) {
            responses.refused(ResponseWriter.CLOSED, decoder.unfinishedOctets());
        }
    }
}
