package dev.greeter.web;

import static io.vertx.core.http.HttpHeaders.CONTENT_LENGTH;
import static io.vertx.core.http.HttpHeaders.TRANSFER_ENCODING;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** A request's body, up to a limit. */
final class RequestBody {
    static final int MAX_OCTETS = 65_536;

    /** It is over the limit. */
    static final class TooLongException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private RequestBody() {}

    static boolean isPresent(HttpServerRequest request) {
        MultiMap headers = request.headers();
        String length = headers.get(CONTENT_LENGTH);
        return length == null ? headers.contains(TRANSFER_ENCODING) : !length.equals("0");
    }

    /**
     * Takes no memory for it, as no use is made of it. Completes with nothing when all of it came. Fails with a {@link
     * TooLongException}, or with what Vert.x says of a client that went or of chunks that are none.
     */
    static Future<Buffer> drop(HttpServerRequest request) {
        return receive(request, octets -> {}).map(Buffer.buffer());
    }

    /** As {@link #drop}, but completes with all of it. */
    static Future<Buffer> read(HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        return receive(request, body::appendBuffer).map(body);
    }

    private static Future<Void> receive(HttpServerRequest request, Handler<Buffer> handler) {
        Promise<Void> end = Promise.promise();
        request.exceptionHandler(end::tryFail);
        request.endHandler(ended -> end.tryComplete());
        request.handler(octets -> {
            if (request.bytesRead() > MAX_OCTETS) {
                end.tryFail(new TooLongException());
            } else {
                handler.handle(octets);
            }
        });
        return end.future();
    }
}
