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
 * Makes a span of each exchange with the tracer of Vert.x. The span is made when the exchange is over, because all of it
 * is known then; the tracer takes the times from the exchange.
 */
final class ExchangeSpans {
    private static final String NAME = "greeting";

    private final VertxInternal vertx;
    private final VertxTracer<Object, Object> tracer;

    private ExchangeSpans(VertxInternal vertx, VertxTracer<Object, Object> tracer) {
        this.vertx = vertx;
        this.tracer = tracer;
    }

    /** Null where Vert.x has no tracer, so that an exchange costs no more than a null check. */
    @SuppressWarnings("unchecked") // what a tracer makes is only given back to it
    static @Nullable ExchangeSpans of(Vertx vertx) {
        VertxInternal internal = (VertxInternal) vertx;
        VertxTracer<Object, Object> tracer = (VertxTracer<Object, Object>) internal.tracer();
        return tracer == null ? null : new ExchangeSpans(internal, tracer);
    }

    void add(Exchange exchange) {
        // its own context, because a context keeps the span that is open
        ContextInternal context = vertx.getOrCreateContext().duplicate();
        Object span = tracer.receiveRequest(
                context, SpanKind.RPC, TracingPolicy.ALWAYS, exchange, NAME, List.of(), TagExtractor.empty());
        tracer.sendResponse(context, exchange, span, null, TagExtractor.empty());
    }
}
