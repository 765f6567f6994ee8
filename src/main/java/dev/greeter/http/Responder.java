package dev.greeter.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Where every answer of a server goes out. Used by its verticle's context only. */
public interface Responder {
    /**
     * Answers the request, which it has not been yet.
     *
     * @param readAtNanos when its last octet was read, by {@link System#nanoTime}
     * @return completes when the answer was handed to the kernel, and fails if it could not be
     */
    Future<Void> send(HttpServerRequest request, long readAtNanos, Response answer);

    /** The client went before its request was complete, so nobody is left to answer. */
    void abandoned(HttpServerRequest request);

    /** As {@link #send(HttpServerRequest, long, Answer)}, of a request that was read this moment. */
    default Future<Void> send(HttpServerRequest request, Problem problem) {
        return send(request, System.nanoTime(), problem.toAnswer(request));
    }
}
