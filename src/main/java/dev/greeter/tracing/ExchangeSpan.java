package dev.greeter.tracing;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.Outcome;
import dev.greeter.config.value.HostPort;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;

/** The span of a greeting, from the last octet of the request to the hand-over of the answer. */
final class ExchangeSpan {
    private ExchangeSpan() {}

    /** Sets all attributes at the start, so that a sampler can decide by them. */
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
        // a refused request is the client's error
        if (exchange.outcome() == Outcome.FAILED) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end(exchange.at().plus(Duration.ofNanos(exchange.durationMicros() * 1_000)));
    }
}
