package dev.greeter.http.resource;

import static io.vertx.core.http.HttpHeaders.CACHE_CONTROL;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;

import dev.greeter.faults.ActiveFault;
import dev.greeter.faults.Faults;
import dev.greeter.http.Connections;
import dev.greeter.http.Problem;
import dev.greeter.http.RequestTarget;
import dev.greeter.http.Responder;
import dev.greeter.http.Response;
import dev.greeter.http.WebConnection;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * Lets answered requests for the page suffer the faults that there are ({@code src/docs/faults.md}), and passes on all
 * else. An answer that a fault takes away fails with a {@link FaultException}.
 */
public final class FaultInjector implements Responder {
    private static final Response WRONG = new Response(
            200,
            HttpHeaders.headers()
                    .add(CONTENT_TYPE, HttpHeaders.createOptimized("text/html; charset=utf-8"))
                    .add(CACHE_CONTROL, Response.NO_STORE)
                    .copy(false),
            Buffer.buffer(
                    "<!doctype html>\n<html lang=\"en\">\n<title>Fault</title>\n<h1>Not the page</h1>\n</html>\n"));
    private static final Problem REFUSED = new Problem(503, "This request is refused by a fault that was asked for.");

    /** How soon a stalled connection ends when its fault does. */
    private static final Duration STALL_CHECK = Duration.ofMillis(100);

    private final Vertx vertx;
    private final Responder responder;
    private final Connections connections;
    private final Faults faults;

    public FaultInjector(Vertx vertx, Responder responder, Connections connections, Faults faults) {
        this.vertx = vertx;
        this.responder = responder;
        this.connections = connections;
        this.faults = faults;
    }

    @Override
    public Future<Void> send(HttpServerRequest request, long readAtNanos, Response answer) {
        ActiveFault fault = faults.areThere() && isExchange(request, answer) ? faults.next() : null;
        WebConnection connection = fault == null ? null : connections.of(request);
        if (fault == null || connection == null) {
            return responder.send(request, readAtNanos, answer);
        }
        return switch (fault.kind()) {
            case DELAY -> after(fault.fault().delay()).compose(over -> responder.send(request, readAtNanos, answer));
            case WRONG -> responder.send(request, readAtNanos, WRONG);
            case REFUSE -> responder.send(request, readAtNanos, REFUSED.toAnswer(request));
            case TRUNCATE -> truncate(request, answer).transform(either -> hangUp(connection, fault));
            case CLOSE -> hangUp(connection, fault);
            case STALL -> stall(connection, fault);
            case RESET -> {
                connection.reset();
                yield taken(fault);
            }
        };
    }

    private static boolean isExchange(HttpServerRequest request, Response answer) {
        return answer.status() < HttpResponseStatus.BAD_REQUEST.code() && RequestTarget.mayBePage(request);
    }

    @Override
    public void abandoned(HttpServerRequest request) {
        responder.abandoned(request);
    }

    private Future<Void> after(Duration delay) {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(delay.toMillis(), timer -> over.complete());
        return over.future();
    }

    /** Half of the body; where there is none, nothing at all. */
    private static Future<Void> truncate(HttpServerRequest request, Response answer) {
        if (request.method().equals(HttpMethod.HEAD) || answer.body().length() == 0) {
            return Future.succeededFuture();
        }
        HttpServerResponse response = request.response().setStatusCode(answer.status());
        response.headers()
                .setAll(answer.headers())
                .set(HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length()));
        return response.write(answer.body().getBuffer(0, answer.body().length() / 2));
    }

    /** Says nothing until the client goes, the fault is over, or the server drains. */
    private Future<Void> stall(WebConnection connection, ActiveFault fault) {
        Promise<Void> end = Promise.promise();
        vertx.setPeriodic(STALL_CHECK.toMillis(), timer -> {
            if (fault.isOver()
                    || connections.areDraining()
                    || !connection.channel().isActive()) {
                vertx.cancelTimer(timer);
                hangUp(connection, fault).onComplete(end);
            }
        });
        return end.future();
    }

    private static Future<Void> hangUp(WebConnection connection, ActiveFault fault) {
        connection.hangUp();
        return taken(fault);
    }

    private static Future<Void> taken(ActiveFault fault) {
        return Future.failedFuture(new FaultException(fault.kind()));
    }
}
