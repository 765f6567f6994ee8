package dev.greeter.tracing;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.Outcome;
import dev.greeter.config.HostPort;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;

/** An exchange of the greeting protocol as a span, from its last octet read to its answer's hand-over. */
final class ExchangeSpan {
    private ExchangeSpan() {}

    /** Its attributes are there from the start, so that a sampler can judge by them. */
    static Span begin(Tracer tracer, String name, Exchange exchange) {
        SpanBuilder span = tracer.spanBuilder(name)
                .setNoParent()
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(exchange.at())
                .setAttribute("network.transport", "tcp")
                .setAttribute("network.protocol.name", exchange.protocol().label())
                .setAttribute(
                        "client.address", HostPort.parse(exchange.peer(), 0).host())
                .setAttribute("greeter.form", exchange.form().label())
                .setAttribute("greeter.outcome", exchange.outcome().label());
        if (exchange.token() != null) {
            span.setAttribute("greeter.token", exchange.token());
        }
        if (exchange.reason() != null) {
            span.setAttribute("error.type", exchange.reason());
        }
        return span.startSpan();
    }

    static void end(Span span, Exchange exchange) {
        // what a client did wrong is no error of ours
        if (exchange.outcome() == Outcome.FAILED) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end(exchange.at().plus(Duration.ofNanos(exchange.durationMicros() * 1_000)));
    }
}
