package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.CLOSE;
import static io.vertx.core.http.HttpHeaders.CONNECTION;
import static io.vertx.core.http.HttpHeaders.CONTENT_LENGTH;
import static io.vertx.core.http.HttpHeaders.DATE;

import dev.greeter.monitor.Readiness;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.IdentityHashMap;

/** Writes answers, each with what every response has: the node, the date, and {@code connection: close} where it is the last. */
public final class HttpResponder implements Responder {
    private static final CharSequence NODE = HttpHeaders.createOptimized("x-greeter-node");

    private final CharSequence node;
    private final Readiness readiness;
    private final Connections connections;
    private final HttpDate date = new HttpDate();
    /** The headers of answers that never change, whole, for as long as the date is the same. */
    private final IdentityHashMap<Response, MultiMap> unchanging = new IdentityHashMap<>();

    public HttpResponder(String node, Readiness readiness, Connections connections) {
        this.node = HttpHeaders.createOptimized(node);
        this.readiness = readiness;
        this.connections = connections;
    }

    @Override
    public Future<Void> send(HttpServerRequest request, long readAtNanos, Response answer) {
        HttpServerResponse response = request.response().setStatusCode(answer.status());
        MultiMap headers = response.headers().setAll(headers(answer));
        WebConnection connection = connections.of(request);
        if (connection == null) {
            return response.end();
        }
        if (isLast(answer, connection)) {
            connection.finish();
            // this late, since Vert.x sets keep-alive for HTTP/1.0 on its own
            response.headersEndHandler(end -> headers.set(CONNECTION, CLOSE));
        }
        connection.answering();
        Future<Void> handedOver =
                request.method().equals(HttpMethod.HEAD) ? endHead(response, answer) : response.end(answer.body());
        return handedOver.onComplete(end -> connection.answered());
    }

    private boolean isLast(Response answer, WebConnection connection) {
        return answer.last()
                || readiness.isDraining()
                || connections.areDraining()
                || connection.isOverLimit()
                || connection.isLastAsked();
    }

    private static Future<Void> endHead(HttpServerResponse response, Response answer) {
        if (answer.body().length() > 0 && !response.headers().contains(CONTENT_LENGTH)) {
            response.headers()
                    .set(CONTENT_LENGTH, Integer.toString(answer.body().length()));
        }
        return response.end();
    }

    private MultiMap headers(Response answer) {
        if (date.advance()) {
            unchanging.clear();
        }
        if (answer.headers().isMutable()) {
            return complete(answer.headers());
        }
        // taken over as one, where ten headers one by one cost a tenth of a request
        return unchanging.computeIfAbsent(
                answer, key -> complete(key.headers().copy(true)).copy(false));
    }

    private MultiMap complete(MultiMap headers) {
        return headers.add(NODE, node).add(DATE, date.text());
    }

    @Override
    public void abandoned(HttpServerRequest request) {
        // nothing to say, and nobody to say it to
        WebConnection connection = connections.of(request);
        if (connection != null) {
            connection.abandoned();
        }
    }
}
