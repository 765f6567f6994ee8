package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.EXPECT;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;

/**
 * Waits until a request is whole, whatever it is for, and passes it on. One whose body is too long, malformed or late is
 * refused here, so that no path reads more or longer than another.
 */
final class BodyHandler implements Handler<HttpServerRequest> {
    private static final Problem TOO_LONG =
            new Problem(413, "The request's body is over " + RequestBody.MAX_OCTETS + " octets.", true);
    private static final Problem MALFORMED = new Problem(400, "The request's body is malformed.", true);

    private final Connections connections;
    private final Responder responder;
    private final boolean kept;
    private final Handler<HttpServerRequest> next;

    /**
     * @param kept whether anything behind this wants the bodies; otherwise they take no memory
     * @param next takes whole requests
     */
    BodyHandler(Connections connections, Responder responder, boolean kept, Handler<HttpServerRequest> next) {
        this.connections = connections;
        this.responder = responder;
        this.kept = kept;
        this.next = next;
    }

    @Override
    public void handle(HttpServerRequest request) {
        WebConnection connection = connections.of(request);
        if (connection == null || !RequestBody.isPresent(request)) {
            next.handle(request);
        } else if (RequestBody.isTooLong(request)) {
            responder.send(request, TOO_LONG);
        } else {
            receive(request, connection);
        }
    }

    private void receive(HttpServerRequest request, WebConnection connection) {
        RequestBody body = new RequestBody(request, kept);
        connection.receiving(body);
        if (isContinueExpected(request)) {
            request.response().writeContinue();
        }
        body.whole()
                .onComplete(
                        octets -> {
                            connection.received(octets);
                            next.handle(request);
                        },
                        failure -> {
                            connection.received(WebConnection.NO_BODY);
                            refuse(request, failure);
                        });
    }

    /** An older client does not know of it (RFC 9110, section 10.1.1). */
    private static boolean isContinueExpected(HttpServerRequest request) {
        return request.headers().contains(EXPECT, HttpHeaders.CONTINUE, true)
                && request.version() != HttpVersion.HTTP_1_0;
    }

    private void refuse(HttpServerRequest request, Throwable failure) {
        if (failure instanceof RequestBody.TooLongException) {
            responder.send(request, TOO_LONG);
        } else if (failure instanceof RequestBody.TimeoutException) {
            responder.send(request, Problem.TIMEOUT);
        } else if (failure instanceof RequestBody.EndedException
                || failure instanceof HttpClosedException
                || failure instanceof IOException) {
            responder.abandoned(request);
        } else {
            responder.send(request, MALFORMED);
        }
    }
}
