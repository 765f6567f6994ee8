package dev.greeter.web;

import static io.vertx.core.http.HttpHeaders.CONTENT_LENGTH;
import static io.vertx.core.http.HttpHeaders.TRANSFER_ENCODING;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;

/** A request's body, which no resource has a use for: read and dropped as it comes, up to a limit. */
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
     * Completes when all of it came. Fails with a {@link TooLongException}, or with what Vert.x says of a client that went
     * or of chunks that are none.
     */
    static Future<Void> drop(HttpServerRequest request) {
        Promise<Void> end = Promise.promise();
        request.exceptionHandler(end::tryFail);
        request.endHandler(ended -> end.tryComplete());
        request.handler(octets -> {
            if (request.bytesRead() > MAX_OCTETS) {
                end.tryFail(new TooLongException());
            }
        });
        return end.future();
    }
}
