package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.CACHE_CONTROL;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A response, without the headers that every response has.
 *
 * @param headers mutable, unless the response is sent more than once
 * @param body is sent to a GET; a HEAD gets its length only
 * @param last whether the connection ends with it
 */
public record Response(int status, MultiMap headers, Buffer body, boolean last) {
    public static final CharSequence CSP_NAME = HttpHeaders.createOptimized("content-security-policy");
    public static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    public static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    /** Creates a response that does not end its connection. */
    public Response(int status, MultiMap headers, Buffer body) {
        this(status, headers, body, false);
    }

    /** Returns a document that may change at any moment. */
    public static Response json(int status, Buffer json) {
        return new Response(status, uncached(JSON), json);
    }

    /** Returns the mutable headers of a document that may change at any moment. */
    public static MultiMap uncached(CharSequence contentType) {
        return HttpHeaders.headers().add(CONTENT_TYPE, contentType).add(CACHE_CONTROL, NO_STORE);
    }

    /**
     * Reads a file of the class path.
     *
     * @param name as {@link Class#getResourceAsStream} takes it
     * @throws IllegalStateException if there is no such file
     */
    public static byte[] file(Class<?> from, String name) {
        try (InputStream octets = from.getResourceAsStream(name)) {
            if (octets == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return octets.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
