package dev.greeter.bus;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A span for each exchange, by the tracer that Vert.x has. It is made when the exchange is over, since that tells all of
 * it: a tracer takes its times from the exchange.
 */
final class ExchangeSpans {
    private static final String NAME = "greeting";

    private final VertxInternal vertx;
    private final VertxTracer<Object, Object> tracer;

    private ExchangeSpans(VertxInternal vertx, VertxTracer<Object, Object> tracer) {
        this.vertx = vertx;
        this.tracer = tracer;
    }

    /** Null where Vert.x traces nothing, so that this costs an exchange no more than a look. */
    @SuppressWarnings("unchecked") // whatever a tracer makes is only given back to it
    static @Nullable ExchangeSpans of(Vertx vertx) {
        VertxInternal internal = (VertxInternal) vertx;
        VertxTracer<Object, Object> tracer = (VertxTracer<Object, Object>) internal.tracer();
        return tracer == null ? null : new ExchangeSpans(internal, tracer);
    }

    void add(Exchange exchange) {
        // of its own, as a span is kept in its context while it is open
        ContextInternal context = vertx.getOrCreateContext().duplicate();
        Object span = tracer.receiveRequest(
                context, SpanKind.RPC, TracingPolicy.ALWAYS, exchange, NAME, List.of(), TagExtractor.empty());
        tracer.sendResponse(context, exchange, span, null, TagExtractor.empty());
    }
}
