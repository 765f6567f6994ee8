package dev.greeter.http.bridge;

import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;

import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** {@code /eventbus}: what a SockJS server says where no client connects, so that people see that it is there. */
public final class BridgeWelcomeResource implements Resource {
    private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain; charset=utf-8");
    private static final Response WELCOME = new Response(
            200,
            HttpHeaders.headers()
                    .add(CONTENT_TYPE, TEXT)
                    .add(Response.NOSNIFF_NAME, Response.NOSNIFF)
                    .copy(false),
            Buffer.buffer("Welcome to SockJS!\n"));

    @Override
    public Future<Response> get(HttpServerRequest request) {
        return Future.succeededFuture(WELCOME);
    }
}
