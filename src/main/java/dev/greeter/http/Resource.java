package dev.greeter.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * The methods of one path. Each runs on the event loop of the request's connection. A failure is an internal error; an error
 * of the client is a response too.
 */
public interface Resource {
    /** Responds to a GET or HEAD. */
    Future<Response> get(HttpServerRequest request);

    /** Returns the methods that this has besides GET, HEAD and OPTIONS. */
    default List<HttpMethod> changes() {
        return List.of();
    }

    /** Responds to one of the {@link #changes}, with the request's whole body. */
    default Future<Response> change(HttpServerRequest request, Buffer body) {
        throw new UnsupportedOperationException();
    }
}
