package dev.greeter.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** Answers what the router alone refuses or fails at. */
final class ProblemHandler implements Handler<RoutingContext> {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int INTERNAL_SERVER_ERROR = 500;

    /** To OPTIONS of the server as a whole, which no route is for. */
    private static final Response SERVER_WIDE = new Response(
            204,
            HttpHeaders.headers()
                    .add(HttpHeaders.ALLOW, HttpHeaders.createOptimized("GET, HEAD, OPTIONS"))
                    .copy(false),
            Buffer.buffer());

    private final Responder responder;

    ProblemHandler(Responder responder) {
        this.responder = responder;
    }

    void answerFor(Router router) {
        router.errorHandler(BAD_REQUEST, this);
        router.errorHandler(NOT_FOUND, this);
        router.errorHandler(INTERNAL_SERVER_ERROR, this);
    }

    @Override
    public void handle(RoutingContext context) {
        if (context.response().ended()) {
            Failures.log(context.request(), context.failure());
            return;
        }
        if (RequestTarget.isServerWide(context.request())) {
            responder.send(context.request(), System.nanoTime(), SERVER_WIDE);
        } else {
            responder.send(context.request(), problem(context));
        }
    }

    private static Problem problem(RoutingContext context) {
        return switch (context.statusCode()) {
            case BAD_REQUEST -> new Problem(BAD_REQUEST, message(context.failure()));
            case NOT_FOUND -> Problem.NOT_FOUND;
            default -> {
                Failures.log(context.request(), context.failure());
                yield Problem.INTERNAL;
            }
        };
    }

    private static String message(@Nullable Throwable failure) {
        return failure == null || failure.getMessage() == null ? "The request is malformed." : failure.getMessage();
    }
}
