package dev.greeter.tracing;

import io.vertx.core.VertxBuilder;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Exports the spans of Vert.x and the servers, as the standard variables {@code OTEL_*} configure it. Unless they ask for
 * tracing there are no spans, and no class of OpenTelemetry is loaded.
 */
public interface Tracing {
    /** Sets the tracer of the Vert.x that is built, if there is tracing. */
    VertxBuilder applyTo(VertxBuilder builder);

    /** Sends the remaining spans, for two seconds at most. Never fails. Any thread may call, once. */
    CompletionStage<Void> close();

    /**
     * Returns the tracing that these variables ask for.
     *
     * @param environment all variables, of which {@code OTEL_*} are read
     * @param node the default of {@code service.instance.id}
     * @param version the default of {@code service.version}
     * @throws IllegalArgumentException with one line that names a variable whose value is not allowed
     */
    static Tracing of(Map<String, String> environment, String node, String version) {
        OtelVariables variables = new OtelVariables(environment);
        if (!variables.askForTracing()) {
            return new Off();
        }
        variables.check();
        return OpenTelemetryTracing.start(variables, node, version);
    }

    /** No tracing. */
    record Off() implements Tracing {
        @Override
        public VertxBuilder applyTo(VertxBuilder builder) {
            return builder;
        }

        @Override
        public CompletionStage<Void> close() {
            return CompletableFuture.completedStage(null);
        }
    }
}
