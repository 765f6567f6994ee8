package dev.greeter.http;

import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/** Answers what is no HTTP request, or one whose head is over a limit or breaks a rule. The connection ends with it. */
final class InvalidRequestHandler implements Handler<HttpServerRequest> {
    static final int MAX_LINE_OCTETS = 4_096;
    static final int MAX_HEADER_OCTETS = 8_192;

    private static final Problem LINE =
            new Problem(414, "The request line is over " + MAX_LINE_OCTETS + " octets.", true);
    private static final Problem HEADERS =
            new Problem(431, "The headers are over " + MAX_HEADER_OCTETS + " octets.", true);

    private final Responder responder;

    InvalidRequestHandler(Responder responder) {
        this.responder = responder;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof PrematureChannelClosureException) {
            responder.abandoned(request);
        } else if (cause instanceof RequestBody.TimeoutException) {
            responder.send(request, Problem.TIMEOUT);
        } else if (cause instanceof TooLongHttpLineException) {
            responder.send(request, LINE);
        } else if (cause instanceof TooLongHttpHeaderException) {
            responder.send(request, HEADERS);
        } else if (cause instanceof HeadCheck.RefusedException refused) {
            responder.send(request, refused.problem());
        } else {
            responder.send(request, HeadRules.MALFORMED);
        }
    }
}
