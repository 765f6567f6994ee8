package dev.greeter.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** What methods get at a path. A failure is an internal error; what the client did wrong is an answer too. */
public interface Resource {
    Future<Response> get(HttpServerRequest request);

    /** The methods that it has besides GET, HEAD and OPTIONS. */
    default List<HttpMethod> changes() {
        return List.of();
    }

    /** Does one of {@link #changes}, with the request's whole body. */
    default Future<Response> change(HttpServerRequest request, Buffer body) {
        throw new UnsupportedOperationException();
    }
}
