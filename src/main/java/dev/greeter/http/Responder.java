package dev.greeter.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Sends responses. Used by its verticle's context only. */
public interface Responder {
    /**
     * Sends the one response to a request.
     *
     * @param readAtNanos when the request's last octet was read, by {@link System#nanoTime}
     * @return completes when the response was handed to the kernel, and fails if it could not be
     */
    Future<Void> send(HttpServerRequest request, long readAtNanos, Response response);

    /** Ends a request whose client went before the request was complete. */
    void abandoned(HttpServerRequest request);

    /** Sends a problem as {@link #send(HttpServerRequest, long, Response)} does, for a request that was read just now. */
    default Future<Void> send(HttpServerRequest request, Problem problem) {
        return send(request, System.nanoTime(), problem.toResponse(request));
    }
}
