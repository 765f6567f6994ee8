package dev.greeter.tracing;

import dev.greeter.bus.Exchange;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.Context;
import io.vertx.core.eventbus.Message;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.tracing.opentelemetry.Operation;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's tracer, with names, attributes and status by OpenTelemetry's semantic conventions: Vert.x names every span of a
 * GET "GET" and every one of the event bus "send", sets the status code as text, and never marks a span as failed. It also
 * makes the spans of greetings, which Vert.x does not know.
 */
final class ConventionTracer implements VertxTracer<ConventionTracer.Received, Operation> {
    private static final int NOT_FOUND = 404;
    private static final int FIRST_SERVER_ERROR = 500;

    private final VertxTracer<Operation, Operation> vertx;
    private final Tracer exchanges;

    /** The span that {@link #receiveRequest} began. */
    sealed interface Received {}

    private record HttpRequest(Operation operation, HttpServerRequest request) implements Received {}

    private record Other(Operation operation) implements Received {}

    private record Greeting(Span span) implements Received {}

    /**
     * @param vertx the tracer of vertx-opentelemetry's factory
     * @param exchanges makes the spans of exchanges
     */
    @SuppressWarnings("unchecked") // the type is Vert.x's, but the factory does not say so
    ConventionTracer(VertxTracer<?, ?> vertx, Tracer exchanges) {
        this.vertx = (VertxTracer<Operation, Operation>) vertx;
        this.exchanges = exchanges;
    }

    @Override
    public <R> @Nullable Received receiveRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            Iterable<Map.Entry<String, String>> headers,
            TagExtractor<R> tags) {
        if (request instanceof Exchange exchange) {
            return new Greeting(ExchangeSpan.begin(exchanges, operation, exchange));
        }
        if (request instanceof HttpServerRequest http) {
            Operation received = vertx.receiveRequest(
                    context, kind, policy, http, HttpRequestTags.method(http), headers, HttpRequestTags.INSTANCE);
            return received == null ? null : new HttpRequest(received, http);
        }
        String name = request instanceof Message<?> message ? "process " + message.address() : operation;
        Operation received = vertx.receiveRequest(context, kind, policy, request, name, headers, tags);
        return received == null ? null : new Other(received);
    }

    @Override
    public <R> void sendResponse(
            Context context,
            @Nullable R response,
            @Nullable Received received,
            @Nullable Throwable failure,
            TagExtractor<R> tags) {
        if (received instanceof Greeting greeting && response instanceof Exchange exchange) {
            ExchangeSpan.end(greeting.span(), exchange);
        } else if (received instanceof HttpRequest http) {
            Span span = http.operation().span();
            fail(span, failure);
            if (response instanceof HttpServerResponse answer) {
                describe(span, http.request(), answer.getStatusCode());
            }
            vertx.sendResponse(context, response, http.operation(), failure, TagExtractor.empty());
        } else if (received instanceof Other other) {
            fail(other.operation().span(), failure);
            vertx.sendResponse(context, response, other.operation(), failure, tags);
        }
    }

    private static void describe(Span span, HttpServerRequest request, int status) {
        span.setAttribute("http.response.status_code", status);
        if (status >= FIRST_SERVER_ERROR) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", Integer.toString(status));
        }
        String path = request.path();
        if (status != NOT_FOUND && path != null && request.decoderResult().isSuccess()) {
            // a path that was found belongs to one of a few routes, and only its parts behind the first vary
            int end = path.indexOf('/', 1);
            String route = end < 0 ? path : path.substring(0, end);
            span.setAttribute("http.route", route);
            span.updateName(HttpRequestTags.method(request) + " " + route);
        }
    }

    @Override
    public <R> @Nullable Operation sendRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            BiConsumer<String, String> headers,
            TagExtractor<R> tags) {
        String name = request instanceof Message<?> message ? operation + " " + message.address() : operation;
        return vertx.sendRequest(context, kind, policy, request, name, headers, tags);
    }

    @Override
    public <R> void receiveResponse(
            Context context,
            @Nullable R response,
            @Nullable Operation sent,
            @Nullable Throwable failure,
            TagExtractor<R> tags) {
        if (sent != null) {
            fail(sent.span(), failure);
            vertx.receiveResponse(context, response, sent, failure, tags);
        }
    }

    private static void fail(Span span, @Nullable Throwable failure) {
        if (failure != null) {
            span.setStatus(StatusCode.ERROR);
        }
    }

    @Override
    public void close() {
        vertx.close();
    }
}
