package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.CACHE_CONTROL;
import static io.vertx.core.http.HttpHeaders.CLOSE;
import static io.vertx.core.http.HttpHeaders.CONNECTION;
import static io.vertx.core.http.HttpHeaders.CONTENT_LENGTH;
import static io.vertx.core.http.HttpHeaders.DATE;

import dev.greeter.monitor.Readiness;
import dev.greeter.net.MemoryGuard;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.IdentityHashMap;
import java.util.Locale;

/**
 * Writes responses with the headers that each has: the node, the date, what a browser must not do with it, and {@code connection:
 * close} in the last one.
 */
public final class HttpResponder implements Responder {
    private static final CharSequence NODE = HttpHeaders.createOptimized("x-greeter-node");
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("x-content-type-options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence REFERRER_POLICY = HttpHeaders.createOptimized("referrer-policy");
    private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
    /** Of a response without its own: no browser runs, loads or frames anything of it. */
    private static final CharSequence NOTHING =
            HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");

    private static final Problem SCARCE = new Problem(503, MemoryGuard.SCARCE);

    private static final int MILLIS = 1_000;
    /** RFC 9110, section 5.6.7. */
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final CharSequence node;
    private final Readiness readiness;
    private final Connections connections;
    private long second = Long.MIN_VALUE;
    private CharSequence date = "";
    /** The complete headers of immutable responses, for as long as the date is the same. */
    private final IdentityHashMap<Response, MultiMap> immutable = new IdentityHashMap<>();

    /**
     * Creates the responder of one server instance.
     *
     * @param node the value of {@code x-greeter-node}
     */
    public HttpResponder(String node, Readiness readiness, Connections connections) {
        this.node = HttpHeaders.createOptimized(node);
        this.readiness = readiness;
        this.connections = connections;
    }

    @Override
    public Future<Void> send(HttpServerRequest request, long readAtNanos, Response whole) {
        int length = request.method().equals(HttpMethod.HEAD) ? 0 : whole.body().length();
        Response response = MemoryGuard.admits(length) ? whole : SCARCE.toResponse(request);
        HttpServerResponse out = request.response().setStatusCode(response.status());
        MultiMap headers = out.headers().setAll(headers(response));
        WebConnection connection = connections.of(request);
        if (connection == null) {
            return out.end();
        }
        if (isLast(response, connection)) {
            connection.finish();
            // this late, because Vert.x sets keep-alive for HTTP/1.0 on its own
            out.headersEndHandler(end -> headers.set(CONNECTION, CLOSE));
        }
        connection.responding();
        Future<Void> handedOver =
                request.method().equals(HttpMethod.HEAD) ? endHead(out, response) : out.end(response.body());
        return handedOver.onComplete(end -> connection.responded());
    }

    /**
     * Sends the head of a response and the first octets of its body. The connection is the caller's to end, without the rest.
     *
     * @return as {@link #send(HttpServerRequest, long, Response)}
     */
    public Future<Void> sendPart(HttpServerRequest request, Response response, int octets) {
        HttpServerResponse out = request.response().setStatusCode(response.status());
        out.headers()
                .setAll(headers(response))
                .set(CONTENT_LENGTH, Integer.toString(response.body().length()));
        return out.write(response.body().getBuffer(0, octets));
    }

    private boolean isLast(Response response, WebConnection connection) {
        return response.last()
                || readiness.isDraining()
                || connections.areDraining()
                || connection.isOverLimit()
                || connection.isLastRequest();
    }

    private static Future<Void> endHead(HttpServerResponse out, Response response) {
        if (response.body().length() > 0 && !out.headers().contains(CONTENT_LENGTH)) {
            out.headers().set(CONTENT_LENGTH, Integer.toString(response.body().length()));
        }
        return out.end();
    }

    private MultiMap headers(Response response) {
        if (isNewSecond()) {
            immutable.clear();
        }
        if (response.headers().isMutable()) {
            return complete(response.headers());
        }
        // set as one, because ten headers one by one cost a tenth of a request
        return immutable.computeIfAbsent(
                response, key -> complete(key.headers().copy(true)).copy(false));
    }

    private boolean isNewSecond() {
        long now = System.currentTimeMillis() / MILLIS;
        if (now == second) {
            return false;
        }
        second = now;
        date = HttpHeaders.createOptimized(IMF_FIXDATE.format(Instant.ofEpochSecond(now)));
        return true;
    }

    private MultiMap complete(MultiMap headers) {
        if (!headers.contains(Response.CSP_NAME)) {
            headers.add(Response.CSP_NAME, NOTHING);
        }
        if (!headers.contains(CACHE_CONTROL)) {
            headers.add(CACHE_CONTROL, Response.NO_STORE);
        }
        return headers.add(CONTENT_TYPE_OPTIONS, NOSNIFF)
                .add(REFERRER_POLICY, NO_REFERRER)
                .add(NODE, node)
                .add(DATE, date);
    }

    @Override
    public void abandoned(HttpServerRequest request) {
        WebConnection connection = connections.of(request);
        if (connection != null) {
            connection.abandoned();
        }
    }
}
