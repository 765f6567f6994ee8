package dev.greeter.tracing;

import io.vertx.core.VertxBuilder;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What becomes of the spans that Vert.x and the servers make. The standard variables {@code OTEL_*} say it; unless they
 * ask for tracing there are none, and no class of OpenTelemetry is loaded.
 */
public interface Tracing {
    /** Makes the Vert.x that is built trace, or not. */
    VertxBuilder applyTo(VertxBuilder builder);

    /** Hands over the spans that are still here, for two seconds at most. Never fails; any thread may call, once. */
    CompletionStage<Void> close();

    /**
     * What these variables ask for.
     *
     * @param environment all variables, of which {@code OTEL_*} are read
     * @param node the default of {@code service.instance.id}
     * @param version the default of {@code service.version}
     * @throws IllegalArgumentException telling in one line what of the variables is not allowed
     */
    static Tracing of(Map<String, String> environment, String node, String version) {
        OtelVariables variables = new OtelVariables(environment);
        if (!variables.askForTracing()) {
            return new Off();
        }
        variables.check();
        return OpenTelemetryTracing.start(variables, node, version);
    }

    /** Nobody asked. */
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
