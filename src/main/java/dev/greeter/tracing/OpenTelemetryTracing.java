package dev.greeter.tracing;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.vertx.core.VertxBuilder;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sends spans to an OTLP collector over HTTP: in batches, from a bounded queue, on threads of the SDK. A collector that is
 * slow or away costs spans, and never an event loop's time.
 */
final class OpenTelemetryTracing implements Tracing {
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(OpenTelemetryTracing.class);

    private final OpenTelemetrySdk sdk;

    private OpenTelemetryTracing(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    static Tracing start(OtelVariables variables, String node, String version) {
        // the SDK logs by java.util.logging, which would write to stderr in another format
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        try {
            OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesCustomizer(others -> variables.properties(node, version))
                    // the service's own stop sends the last spans, in its order
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
            LOG.info("tracing");
            return new OpenTelemetryTracing(sdk);
        } catch (ConfigurationException refused) {
            throw new IllegalArgumentException(
                    "environment: " + variables.masked(String.valueOf(refused.getMessage())), refused);
        }
    }

    @Override
    public VertxBuilder applyTo(VertxBuilder builder) {
        OpenTelemetryTracingFactory factory = new OpenTelemetryTracingFactory(sdk);
        return builder.withTracer(
                options -> new ConventionTracer(factory.tracer(new TracingOptions()), sdk.getTracer("dev.greeter")));
    }

    @Override
    public CompletionStage<Void> close() {
        CompletableFuture<Boolean> flushed = new CompletableFuture<>();
        sdk.shutdown().whenComplete(() -> flushed.complete(true));
        return flushed.completeOnTimeout(false, FLUSH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .thenAccept(complete -> {
                    if (!complete) {
                        LOG.warn("spans were not handed over within {} s", FLUSH_TIMEOUT.toSeconds());
                    }
                });
    }
}
