package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** {@code /eventbus}: what a SockJS server says where no client connects, so that people see that it is there. */
final class BridgeWelcomeResource implements Resource {
    private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain; charset=utf-8");
    private static final Answer WELCOME = new Answer(
            200,
            HttpHeaders.headers()
                    .add(CONTENT_TYPE, TEXT)
                    .add(Answer.NOSNIFF_NAME, Answer.NOSNIFF)
                    .copy(false),
            Buffer.buffer("Welcome to SockJS!\n"));

    @Override
    public Future<Answer> get(HttpServerRequest request) {
        return Future.succeededFuture(WELCOME);
    }
}
