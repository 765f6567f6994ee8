package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.CONTENT_LENGTH;
import static io.vertx.core.http.HttpHeaders.TRANSFER_ENCODING;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** A request's body on its way, up to a limit. */
public final class RequestBody {
    public static final int MAX_OCTETS = 65_536;

    /** It is over the limit. */
    static final class TooLongException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** The request was not whole in time. */
    static final class TimeoutException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Its client has half-closed before its end. */
    static final class EndedException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final Promise<Buffer> whole = Promise.promise();

    /** @param kept whether anybody wants it; otherwise it takes no memory */
    RequestBody(HttpServerRequest request, boolean kept) {
        Buffer body = Buffer.buffer();
        request.exceptionHandler(whole::tryFail);
        request.endHandler(ended -> whole.tryComplete(body));
        request.handler(octets -> {
            if (request.bytesRead() > MAX_OCTETS) {
                fail(new TooLongException());
            } else if (kept) {
                body.appendBuffer(octets);
            }
        });
    }

    public static boolean isPresent(HttpServerRequest request) {
        MultiMap headers = request.headers();
        String length = headers.get(CONTENT_LENGTH);
        return length == null ? headers.contains(TRANSFER_ENCODING) : !length.equals("0");
    }

    /** Whether the head says that it is over the limit. */
    static boolean isTooLong(HttpServerRequest request) {
        String length = request.headers().get(CONTENT_LENGTH);
        return length != null && Long.parseLong(length) > MAX_OCTETS;
    }

    /**
     * Completes when all of it came, with all of it or, if it is not kept, with nothing. Fails with a {@link
     * TooLongException}, with the cause of {@link #fail}, or with what Vert.x says of a client that went or of chunks that are none.
     */
    Future<Buffer> whole() {
        return whole.future();
    }

    /** No more of it is waited for. */
    void fail(Exception cause) {
        whole.tryFail(cause);
    }
}
