package dev.greeter.http;

import static io.vertx.core.http.HttpHeaders.CONTENT_LENGTH;
import static io.vertx.core.http.HttpHeaders.EXPECT;
import static io.vertx.core.http.HttpHeaders.TRANSFER_ENCODING;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;

/**
 * Passes a request on when its body is whole, and refuses one whose body is too long, malformed or late. It stands before the
 * router, so that these limits hold for every path.
 */
public final class BodyHandler implements Handler<HttpServerRequest> {
    /** The most octets of a body. */
    public static final int MAX_OCTETS = 65_536;

    static final Problem TOO_LONG = new Problem(413, "The request's body is over " + MAX_OCTETS + " octets.", true);
    private static final Problem MALFORMED = new Problem(400, "The request's body is malformed.", true);

    private final Connections connections;
    private final Responder responder;
    private final boolean keepsBodies;
    private final Handler<HttpServerRequest> next;

    /**
     * @param responder refuses requests
     * @param keepsBodies whether any endpoint uses bodies; otherwise they take no memory
     * @param next takes whole requests
     */
    BodyHandler(Connections connections, Responder responder, boolean keepsBodies, Handler<HttpServerRequest> next) {
        this.connections = connections;
        this.responder = responder;
        this.keepsBodies = keepsBodies;
        this.next = next;
    }

    /** Returns whether the request's head announces a body. */
    public static boolean isPresent(HttpServerRequest request) {
        MultiMap headers = request.headers();
        String length = headers.get(CONTENT_LENGTH);
        return length == null ? headers.contains(TRANSFER_ENCODING) : !length.equals("0");
    }

    @Override
    public void handle(HttpServerRequest request) {
        WebConnection connection = connections.of(request);
        if (connection == null || !isPresent(request)) {
            next.handle(request);
        } else if (isTooLong(request)) {
            responder.send(request, TOO_LONG);
        } else {
            receive(request, connection);
        }
    }

    private static boolean isTooLong(HttpServerRequest request) {
        String length = request.headers().get(CONTENT_LENGTH);
        return length != null && Long.parseLong(length) > MAX_OCTETS;
    }

    private void receive(HttpServerRequest request, WebConnection connection) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        request.exceptionHandler(whole::tryFail);
        request.endHandler(ended -> whole.tryComplete(body));
        request.handler(octets -> {
            if (request.bytesRead() > MAX_OCTETS) {
                whole.tryFail(new Problem.RefusedException(TOO_LONG));
            } else if (keepsBodies) {
                body.appendBuffer(octets);
            }
        });
        connection.receiving(whole);
        if (isContinueExpected(request)) {
            request.response().writeContinue();
        }
        whole.future()
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

    /** An HTTP/1.0 client does not know 100 (RFC 9110, section 10.1.1). */
    private static boolean isContinueExpected(HttpServerRequest request) {
        return request.headers().contains(EXPECT, HttpHeaders.CONTINUE, true)
                && request.version() != HttpVersion.HTTP_1_0;
    }

    private void refuse(HttpServerRequest request, Throwable failure) {
        if (failure instanceof Problem.RefusedException refused) {
            responder.send(request, refused.problem());
        } else if (failure instanceof HttpClosedException || failure instanceof IOException) {
            responder.abandoned(request);
        } else {
            responder.send(request, MALFORMED);
        }
    }
}
