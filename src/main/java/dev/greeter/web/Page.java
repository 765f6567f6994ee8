package dev.greeter.web;

import static io.vertx.core.http.HttpHeaders.CACHE_CONTROL;
import static io.vertx.core.http.HttpHeaders.CONTENT_ENCODING;
import static io.vertx.core.http.HttpHeaders.CONTENT_LENGTH;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;
import static io.vertx.core.http.HttpHeaders.ETAG;
import static io.vertx.core.http.HttpHeaders.VARY;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;

/** The page in one encoding, with all that is said of it: encoded once, and never changed. */
final class Page {
    static final Page PLAIN;
    static final Page GZIPPED;

    private static final int ETAG_OCTETS = 9;

    private static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");
    private static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");
    private static final CharSequence ACCEPT_ENCODING = HttpHeaders.createOptimized("accept-encoding");
    /** Each load is to be an exchange; what did not change since costs a 304. */
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");

    /** The hash is of the page's style element; the icon is an empty data URL, so that no browser asks for one. */
    private static final CharSequence POLICY = HttpHeaders.createOptimized(
            "default-src 'none'; img-src data:; "
                    + "style-src 'sha256-V5o9yvOGafiRHvxFZJ9POQt1lMOqFgxuf60osMN8Uqk='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    static {
        byte[] html = html();
        PLAIN = new Page(html, HttpHeaders.headers());
        GZIPPED = new Page(gzip(html), HttpHeaders.headers().add(CONTENT_ENCODING, GZIP));
    }

    private final String etag;
    private final Answer whole;
    private final Answer unchanged;

    /** @param headers what only this encoding has; it is added to */
    private Page(byte[] body, MultiMap headers) {
        etag = etag(body);
        MultiMap all = headers.add(CONTENT_TYPE, HTML)
                .add(CONTENT_LENGTH, HttpHeaders.createOptimized(Integer.toString(body.length)))
                .add(Answer.CSP_NAME, POLICY)
                .add(Answer.NOSNIFF_NAME, Answer.NOSNIFF);
        whole = new Answer(200, validated(all), Buffer.buffer(body));
        unchanged = new Answer(304, validated(HttpHeaders.headers()), Buffer.buffer());
    }

    private MultiMap validated(MultiMap headers) {
        return headers.add(ETAG, HttpHeaders.createOptimized(etag))
                .add(VARY, ACCEPT_ENCODING)
                .add(CACHE_CONTROL, NO_CACHE)
                .copy(false);
    }

    /** The strong entity tag of exactly these octets. */
    String etag() {
        return etag;
    }

    Answer whole() {
        return whole;
    }

    /** For a client that has it already. */
    Answer unchanged() {
        return unchanged;
    }

    private static byte[] html() {
        try (InputStream page = Page.class.getResourceAsStream("page.html")) {
            if (page == null) {
                throw new IllegalStateException("page.html is not beside " + Page.class.getName());
            }
            return page.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(byte[] octets) {
        ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzipped)) {
            out.write(octets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return gzipped.toByteArray();
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
