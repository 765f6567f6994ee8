package dev.greeter.http.resource;

import static io.vertx.core.http.HttpHeaders.ACCEPT_ENCODING;
import static io.vertx.core.http.HttpHeaders.CONTENT_ENCODING;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;
import static io.vertx.core.http.HttpHeaders.IF_NONE_MATCH;

import dev.greeter.http.QualityValues;
import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of the class path, in the encoding that the client prefers, unless it has it already. Read and encoded when it is
 * first asked for. Thread-safe, so that all instances of a server may share it.
 */
public final class FileResource implements Resource {
    static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");

    private static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");

    private final String file;
    private final CharSequence contentType;
    private final MultiMap headers;
    private volatile @Nullable Encodings encodings;

    private record Encodings(Representation plain, Representation gzipped) {}

    /**
     * @param file a name as {@link Class#getResourceAsStream} takes it, from this package
     * @param headers what is said of it besides
     */
    FileResource(String file, CharSequence contentType, MultiMap headers) {
        this.file = file;
        this.contentType = contentType;
        this.headers = headers;
    }

    @Override
    public Future<Response> get(HttpServerRequest request) {
        MultiMap asked = request.headers();
        Representation preferred = prefersGzip(asked) ? gzipped() : plain();
        boolean isKnown =
                asked.contains(IF_NONE_MATCH) && EntityTags.match(asked.getAll(IF_NONE_MATCH), preferred.etag());
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
            byte[] octets = read();
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

    /** Whether gzip is named, or covered by a star, with more weight than the file as it is (RFC 9110, section 12.5.3). */
    private static boolean prefersGzip(MultiMap asked) {
        if (!asked.contains(ACCEPT_ENCODING)) {
            return false;
        }
        QualityValues weights = QualityValues.of(asked.getAll(ACCEPT_ENCODING));
        int gzip = weights.firstOf("gzip", "x-gzip", "*");
        return gzip > 0 && gzip >= weights.of("identity");
    }

    private byte[] read() {
        try (InputStream octets = FileResource.class.getResourceAsStream(file)) {
            if (octets == null) {
                throw new IllegalStateException(file + " is not on the class path");
            }
            return octets.readAllBytes();
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
}
