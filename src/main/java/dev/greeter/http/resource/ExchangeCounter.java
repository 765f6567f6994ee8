package dev.greeter.http.resource;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Form;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import dev.greeter.http.RequestTarget;
import dev.greeter.http.Responder;
import dev.greeter.http.Response;
import dev.greeter.net.Addresses;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports each request for the page as one exchange, once its answer is handed over or cannot be. While the ledger has no
 * room for one more, its answer waits, as what is not counted is not answered.
 */
public final class ExchangeCounter implements Responder {
    /** The reason of an exchange that the peer's going ended. */
    private static final String CLOSED = "closed";

    private final Responder responder;
    private final ExchangeReporter reporter;

    public ExchangeCounter(Responder responder, ExchangeReporter reporter) {
        this.responder = responder;
        this.reporter = reporter;
    }

    @Override
    public Future<Void> send(HttpServerRequest request, long readAtNanos, Response answer) {
        if (!RequestTarget.mayBePage(request)) {
            return responder.send(request, readAtNanos, answer);
        }
        if (reporter.isFull()) {
            Promise<Void> handedOver = Promise.promise();
            reporter.whenRoom(() -> send(request, readAtNanos, answer).onComplete(handedOver));
            return handedOver.future();
        }
        return responder
                .send(request, readAtNanos, answer)
                .onComplete(written -> report(request, readAtNanos, written.cause()));
    }

    @Override
    public void abandoned(HttpServerRequest request) {
        responder.abandoned(request);
        if (RequestTarget.mayBePage(request)) {
            report(request, Outcome.REFUSED, CLOSED, Duration.ZERO);
        }
    }

    /** @param failure why it was not handed over; null if it was */
    private void report(HttpServerRequest request, long readAtNanos, @Nullable Throwable failure) {
        int status = request.response().getStatusCode();
        Duration duration = Duration.ofNanos(System.nanoTime() - readAtNanos);
        if (failure instanceof FaultException fault) {
            report(request, Outcome.FAILED, fault.reason(), duration);
        } else if (status < HttpResponseStatus.BAD_REQUEST.code()) {
            boolean handedOver = failure == null;
            report(request, handedOver ? Outcome.ANSWERED : Outcome.FAILED, handedOver ? null : CLOSED, duration);
        } else {
            boolean refused = failure == null && status != HttpResponseStatus.INTERNAL_SERVER_ERROR.code();
            report(request, refused ? Outcome.REFUSED : Outcome.FAILED, Integer.toString(status), duration);
        }
    }

    private void report(HttpServerRequest request, Outcome outcome, @Nullable String reason, Duration duration) {
        reporter.report(new Exchange(
                Instant.now().minus(duration),
                Protocol.HTTP,
                Form.PAGE,
                outcome,
                Addresses.text(request.connection().remoteAddress()),
                null,
                reason,
                RequestTarget.octets(request),
                duration.toNanos() / 1_000));
    }
}
