package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.CACHE_CONTROL;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/**
 * What a request is answered with, but for what every response has.
 *
 * @param body what GET gets; HEAD gets its length
 * @param last whether the connection ends with it
 */
public record Response(int status, MultiMap headers, Buffer body, boolean last) {
    public static final CharSequence NOSNIFF_NAME = HttpHeaders.createOptimized("x-content-type-options");
    public static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    public static final CharSequence CSP_NAME = HttpHeaders.createOptimized("content-security-policy");
    public static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    public Response(int status, MultiMap headers, Buffer body) {
        this(status, headers, body, false);
    }

    /** A document that is another one the next moment. */
    public static Response json(int status, Buffer json) {
        return new Response(
                status,
                HttpHeaders.headers()
                        .add(CONTENT_TYPE, JSON)
                        .add(CACHE_CONTROL, NO_STORE)
                        .add(NOSNIFF_NAME, NOSNIFF),
                json);
    }
}
