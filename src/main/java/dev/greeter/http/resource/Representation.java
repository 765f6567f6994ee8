package dev.greeter.http.resource;

import static io.vertx.core.http.HttpHeaders.ACCEPT_ENCODING;
import static io.vertx.core.http.HttpHeaders.CACHE_CONTROL;
import static io.vertx.core.http.HttpHeaders.CONTENT_LENGTH;
import static io.vertx.core.http.HttpHeaders.ETAG;
import static io.vertx.core.http.HttpHeaders.VARY;

import dev.greeter.http.Response;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** A file in one encoding, with its headers. Immutable. */
final class Representation {
    private static final int ETAG_OCTETS = 9;

    /** A browser asks for a file at every load, so that each load of the page is an exchange; an unchanged file costs a 304. */
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");

    private final String etag;
    private final Response whole;
    private final Response unchanged;

    /**
     * @param before the first headers; the others are added to them
     * @param after the headers behind the length
     */
    Representation(byte[] body, MultiMap before, MultiMap after) {
        etag = etag(body);
        MultiMap all = before.add(CONTENT_LENGTH, HttpHeaders.createOptimized(Integer.toString(body.length)))
                .addAll(after);
        whole = new Response(200, validated(all), Buffer.buffer(body));
        // a cache takes over the headers of a 304, so its policies are those of the file (RFC 9111, section 3.2)
        unchanged = new Response(304, validated(HttpHeaders.headers().addAll(after)), Buffer.buffer());
    }

    private MultiMap validated(MultiMap headers) {
        return headers.add(ETAG, HttpHeaders.createOptimized(etag))
                .add(VARY, ACCEPT_ENCODING)
                .add(CACHE_CONTROL, NO_CACHE)
                .copy(false);
    }

    /** Returns the strong entity tag of these octets. */
    String etag() {
        return etag;
    }

    Response whole() {
        return whole;
    }

    /** Returns the response to a client that has it already. */
    Response unchanged() {
        return unchanged;
    }

    private static String etag(byte[] octets) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(octets);
            return '"' + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, ETAG_OCTETS)) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
