package dev.greeter.http;

import dev.greeter.net.SocketAddresses;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Responds to requests that no endpoint responds to: malformed ones, those for unknown paths, and those that failed. */
final class ErrorHandler {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int INTERNAL_SERVER_ERROR = 500;

    private static final Problem LINE =
            new Problem(414, "The request line is over " + HeadCheck.MAX_LINE_OCTETS + " octets.", true);
    private static final Problem HEADERS = new Problem(
            431,
            "The headers are over " + HeadCheck.MAX_HEADER_OCTETS + " octets or " + HeadCheck.MAX_FIELDS + " fields.",
            true);

    /** To an OPTIONS for the server as a whole, which has no route. */
    private static final Response SERVER_WIDE = new Response(
            204,
            HttpHeaders.headers()
                    .add(HttpHeaders.ALLOW, HttpHeaders.createOptimized("GET, HEAD, OPTIONS"))
                    .copy(false),
            Buffer.buffer());

    private static final Logger LOG = LoggerFactory.getLogger(ErrorHandler.class);

    private final Responder responder;

    ErrorHandler(Responder responder) {
        this.responder = responder;
    }

    void handleErrorsOf(Router router) {
        router.errorHandler(BAD_REQUEST, this::failed);
        router.errorHandler(NOT_FOUND, this::failed);
        router.errorHandler(INTERNAL_SERVER_ERROR, this::failed);
    }

    /** Refuses octets that are no HTTP request, or whose head is over a limit or breaks a rule; the connection ends. */
    void invalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof PrematureChannelClosureException) {
            responder.abandoned(request);
        } else if (cause instanceof TooLongHttpLineException) {
            responder.send(request, LINE);
        } else if (cause instanceof TooLongHttpHeaderException) {
            responder.send(request, HEADERS);
        } else if (cause instanceof Problem.RefusedException refused) {
            responder.send(request, refused.problem());
        } else {
            responder.send(request, HeadCheck.MALFORMED);
        }
    }

    private void failed(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (context.response().ended()) {
            log(request, context.failure());
        } else if (HeadCheck.isServerWide(request.uri())) {
            responder.send(request, System.nanoTime(), SERVER_WIDE);
        } else {
            responder.send(request, problem(context));
        }
    }

    private static Problem problem(RoutingContext context) {
        return switch (context.statusCode()) {
            case BAD_REQUEST -> new Problem(BAD_REQUEST, message(context.failure()));
            case NOT_FOUND -> Problem.NOT_FOUND;
            default -> {
                log(context.request(), context.failure());
                yield Problem.INTERNAL;
            }
        };
    }

    private static String message(@Nullable Throwable failure) {
        return failure == null || failure.getMessage() == null ? "The request is malformed." : failure.getMessage();
    }

    /** Logs an unexpected failure once: at debug if the client went or sent malformed octets, otherwise as an error. */
    static void log(HttpServerRequest request, Throwable failure) {
        String peer = SocketAddresses.text(request.connection().remoteAddress());
        if (failure instanceof HttpClosedException
                || failure instanceof IOException
                || failure instanceof CodecException) {
            LOG.debug("{}: {}", peer, failure.toString());
        } else {
            // without the request's target, which the client makes up
            LOG.error("a {} of {} failed", request.method(), peer, failure);
        }
    }
}
