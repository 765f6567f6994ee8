package dev.greeter.http.resource;

import static io.vertx.core.http.HttpHeaders.CACHE_CONTROL;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;

import dev.greeter.faults.ActiveFault;
import dev.greeter.faults.FaultKind;
import dev.greeter.faults.Faults;
import dev.greeter.http.Connections;
import dev.greeter.http.HttpResponder;
import dev.greeter.http.Problem;
import dev.greeter.http.Responder;
import dev.greeter.http.Response;
import dev.greeter.http.WebConnection;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * Applies the active faults to all responses except errors ({@code src/docs/faults.md}). A response that a fault prevents
 * fails with a {@link FaultException}.
 */
final class FaultInjector implements Responder {
    private static final Response WRONG = new Response(
            200,
            HttpHeaders.headers()
                    .add(CONTENT_TYPE, Response.HTML)
                    .add(CACHE_CONTROL, Response.NO_STORE)
                    .copy(false),
            Buffer.buffer(Response.file(FaultInjector.class, "wrong.html")));
    private static final Problem REFUSED = new Problem(503, "This request is refused by a fault that was asked for.");

    /** How soon a stalled connection ends after its fault. */
    private static final Duration STALL_CHECK = Duration.ofMillis(100);

    private final Vertx vertx;
    private final HttpResponder responder;
    private final Connections connections;
    private final Faults faults;

    /** A response that was not handed over because of a fault. */
    static final class FaultException extends VertxException {
        private static final long serialVersionUID = 1L;

        private final FaultKind kind;

        FaultException(FaultKind kind) {
            super(kind.reason(), true);
            this.kind = kind;
        }

        /** The reason of its exchange. */
        String reason() {
            return kind.reason();
        }
    }

    FaultInjector(Vertx vertx, HttpResponder responder, Connections connections, Faults faults) {
        this.vertx = vertx;
        this.responder = responder;
        this.connections = connections;
        this.faults = faults;
    }

    @Override
    public Future<Void> send(HttpServerRequest request, long readAtNanos, Response response) {
        ActiveFault fault =
                faults.areThere() && response.status() < HttpResponseStatus.BAD_REQUEST.code() ? faults.next() : null;
        WebConnection connection = fault == null ? null : connections.of(request);
        if (fault == null || connection == null) {
            return responder.send(request, readAtNanos, response);
        }
        return switch (fault.kind()) {
            case DELAY -> delay(connection, fault).compose(over -> responder.send(request, readAtNanos, response));
            case WRONG -> responder.send(request, readAtNanos, WRONG);
            case REFUSE -> responder.send(request, readAtNanos, REFUSED.toResponse(request));
            case TRUNCATE -> truncate(request, response).transform(either -> hangUp(connection, fault));
            case CLOSE -> hangUp(connection, fault);
            case STALL -> stall(connection, fault);
            case RESET -> {
                connection.channel().reset();
                yield prevented(fault);
            }
        };
    }

    @Override
    public void abandoned(HttpServerRequest request) {
        responder.abandoned(request);
    }

    /** Sends the head and half of the body, or nothing at all if there is no body. */
    private Future<Void> truncate(HttpServerRequest request, Response response) {
        if (request.method().equals(HttpMethod.HEAD) || response.body().length() == 0) {
            return Future.succeededFuture();
        }
        return responder.sendPart(request, response, response.body().length() / 2);
    }

    /** Completes early when the client goes, because the exchange has to be counted before the server has stopped. */
    private Future<Void> delay(WebConnection connection, ActiveFault fault) {
        Promise<Void> end = Promise.promise();
        connection.whenClosed(end::tryComplete);
        long timer = vertx.setTimer(fault.fault().delay().toMillis(), over -> end.tryComplete());
        return end.future().onComplete(over -> vertx.cancelTimer(timer));
    }

    /** Sends nothing until the client goes, the fault is over, or the server drains. */
    private Future<Void> stall(WebConnection connection, ActiveFault fault) {
        Promise<Void> end = Promise.promise();
        connection.whenClosed(end::tryComplete);
        long timer = vertx.setPeriodic(STALL_CHECK.toMillis(), tick -> {
            if (fault.isOver() || connections.areDraining()) {
                end.tryComplete();
            }
        });
        return end.future().transform(over -> {
            vertx.cancelTimer(timer);
            return hangUp(connection, fault);
        });
    }

    private static Future<Void> hangUp(WebConnection connection, ActiveFault fault) {
        connection.hangUp();
        return prevented(fault);
    }

    private static Future<Void> prevented(ActiveFault fault) {
        return Future.failedFuture(new FaultException(fault.kind()));
    }
}
