package dev.greeter.http.resource;

import static io.vertx.core.http.HttpHeaders.ACCEPT_ENCODING;
import static io.vertx.core.http.HttpHeaders.CONTENT_ENCODING;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;
import static io.vertx.core.http.HttpHeaders.IF_MATCH;
import static io.vertx.core.http.HttpHeaders.IF_NONE_MATCH;

import dev.greeter.http.Problem;
import dev.greeter.http.QualityValues;
import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of the class path, in the encoding that the client prefers, 304 if the client has it, or 412 if it wants another
 * one. Read and encoded at the first request. Thread-safe: all instances of a server share it.
 */
final class FileResource implements Resource {
    /** The hash is of the page's style element; the icon is an empty data URL, so that no browser requests one. */
    private static final CharSequence PAGE_POLICY = HttpHeaders.createOptimized(
            "default-src 'none'; img-src data:; style-src 'sha256-V5o9yvOGafiRHvxFZJ9POQt1lMOqFgxuf60osMN8Uqk=';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    /** {@code /}. */
    static final FileResource PAGE =
            new FileResource("page.html", Response.HTML, HttpHeaders.headers().add(Response.CSP_NAME, PAGE_POLICY));

    /** {@code /openapi.yaml}: the description of every endpoint of both ports. */
    static final FileResource OPEN_API =
            new FileResource("openapi.yaml", HttpHeaders.createOptimized("application/yaml"), HttpHeaders.headers());

    private static final Problem OTHER_FILE = new Problem(412, "The file is none of those that if-match names.");

    private static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");

    private final String file;
    private final CharSequence contentType;
    private final MultiMap headers;
    private volatile @Nullable Encodings encodings;

    private record Encodings(Representation plain, Representation gzipped) {}

    /**
     * @param file a name as {@link Class#getResourceAsStream} takes it, from this package
     * @param headers further headers
     */
    FileResource(String file, CharSequence contentType, MultiMap headers) {
        this.file = file;
        this.contentType = contentType;
        this.headers = headers;
    }

    @Override
    public Future<Response> get(HttpServerRequest request) {
        MultiMap given = request.headers();
        Representation preferred = prefersGzip(given) ? gzipped() : plain();
        if (given.contains(IF_MATCH) && !EntityTags.matchStrongly(given.getAll(IF_MATCH), preferred.etag())) {
            return Future.succeededFuture(OTHER_FILE.toResponse(request));
        }
        boolean isKnown =
                given.contains(IF_NONE_MATCH) && EntityTags.match(given.getAll(IF_NONE_MATCH), preferred.etag());
        return Future.succeededFuture(isKnown ? preferred.unchanged() : preferred.whole());
    }

    Representation plain() {
        return encodings().plain();
    }

    Representation gzipped() {
        return encodings().gzipped();
    }

    private Encodings encodings() {
        Encodings known = encodings;
        if (known == null) {
            byte[] octets = Response.file(FileResource.class, file);
            known = new Encodings(
                    new Representation(octets, HttpHeaders.headers().add(CONTENT_TYPE, contentType), headers),
                    new Representation(
                            gzip(octets),
                            HttpHeaders.headers().add(CONTENT_ENCODING, GZIP).add(CONTENT_TYPE, contentType),
                            headers));
            encodings = known;
        }
        return known;
    }

    /** Whether gzip, or a star, has a weight that is not below that of the plain file (RFC 9110, section 12.5.3). */
    private static boolean prefersGzip(MultiMap given) {
        if (!given.contains(ACCEPT_ENCODING)) {
            return false;
        }
        QualityValues weights = QualityValues.of(given.getAll(ACCEPT_ENCODING));
        int gzip = weights.firstOf("gzip", "x-gzip", "*");
        return gzip > 0 && gzip >= weights.of("identity");
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
}
