package dev.greeter.web;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** What GET gets at a path. */
interface Resource {
    /** A failure is an internal error; what the client did wrong is an answer too. */
    Future<Answer> get(HttpServerRequest request);
}
