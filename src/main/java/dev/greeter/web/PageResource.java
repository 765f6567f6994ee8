package dev.greeter.web;

import static io.vertx.core.http.HttpHeaders.ACCEPT_ENCODING;
import static io.vertx.core.http.HttpHeaders.IF_NONE_MATCH;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;

/** {@code /}: the page, in the encoding that the client prefers, unless it has it already. */
final class PageResource implements Resource {
    @Override
    public Future<Answer> get(HttpServerRequest request) {
        MultiMap headers = request.headers();
        Page page = prefersGzip(headers) ? Page.GZIPPED : Page.PLAIN;
        boolean isKnown =
                headers.contains(IF_NONE_MATCH) && EntityTags.match(headers.getAll(IF_NONE_MATCH), page.etag());
        return Future.succeededFuture(isKnown ? page.unchanged() : page.whole());
    }

    /** Whether gzip is named, or covered by a star, with more weight than the page as it is (RFC 9110, section 12.5.3). */
    private static boolean prefersGzip(MultiMap headers) {
        if (!headers.contains(ACCEPT_ENCODING)) {
            return false;
        }
        Weights weights = Weights.of(headers.getAll(ACCEPT_ENCODING));
        int gzip = weights.firstOf("gzip", "x-gzip", "*");
        return gzip > 0 && gzip >= weights.of("identity");
    }
}
