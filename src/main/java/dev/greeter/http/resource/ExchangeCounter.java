package dev.greeter.http.resource;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Form;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import dev.greeter.http.Connections;
import dev.greeter.http.Responder;
import dev.greeter.http.Response;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reports each request as one exchange, when its response is handed over or cannot be. While the ledger has no room for one
 * more exchange, the response waits, because a response must not be sent uncounted.
 */
final class ExchangeCounter implements Responder {
    /** The reason of an exchange that ended because the peer went. */
    private static final String CLOSED = "closed";

    private static final int LINE_FIXED_OCTETS = " ".length() + " HTTP/1.1\r\n".length();
    private static final int FIELD_FIXED_OCTETS = ": ".length() + "\r\n".length();
    private static final int END_OCTETS = "\r\n".length();

    private final Responder responder;
    private final Connections connections;
    private final ExchangeReporter reporter;

    ExchangeCounter(Responder responder, Connections connections, ExchangeReporter reporter) {
        this.responder = responder;
        this.connections = connections;
        this.reporter = reporter;
    }

    @Override
    public Future<Void> send(HttpServerRequest request, long readAtNanos, Response response) {
        if (reporter.isFull()) {
            Promise<Void> handedOver = Promise.promise();
            reporter.whenRoom(() -> send(request, readAtNanos, response).onComplete(handedOver));
            return handedOver.future();
        }
        return responder
                .send(request, readAtNanos, response)
                .onComplete(written -> report(request, readAtNanos, written.cause()));
    }

    @Override
    public void abandoned(HttpServerRequest request) {
        responder.abandoned(request);
        report(request, Outcome.REFUSED, CLOSED, 0);
    }

    /** @param failure why the response was not handed over; null if it was */
    private void report(HttpServerRequest request, long readAtNanos, @Nullable Throwable failure) {
        int status = request.response().getStatusCode();
        long nanos = System.nanoTime() - readAtNanos;
        if (failure instanceof FaultInjector.FaultException fault) {
            report(request, Outcome.FAILED, fault.reason(), nanos);
        } else if (status < HttpResponseStatus.BAD_REQUEST.code()) {
            boolean handedOver = failure == null;
            report(request, handedOver ? Outcome.ANSWERED : Outcome.FAILED, handedOver ? null : CLOSED, nanos);
        } else {
            boolean refused = failure == null && status != HttpResponseStatus.INTERNAL_SERVER_ERROR.code();
            report(request, refused ? Outcome.REFUSED : Outcome.FAILED, Integer.toString(status), nanos);
        }
    }

    private void report(HttpServerRequest request, Outcome outcome, @Nullable String reason, long nanos) {
        reporter.report(new Exchange(
                Instant.now().minusNanos(nanos),
                Protocol.HTTP,
                Form.PAGE,
                outcome,
                connections.peer(request),
                null,
                reason,
                octets(request),
                TimeUnit.NANOSECONDS.toMicros(nanos)));
    }

    /** Returns the request's length, with one blank between the parts of its lines. */
    private static int octets(HttpServerRequest request) {
        int octets = request.method().name().length() + request.uri().length() + LINE_FIXED_OCTETS + END_OCTETS;
        for (Map.Entry<String, String> field : request.headers()) {
            octets += field.getKey().length() + field.getValue().length() + FIELD_FIXED_OCTETS;
        }
        return octets + (int) Math.min(request.bytesRead(), Integer.MAX_VALUE - octets);
    }
}
