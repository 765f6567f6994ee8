package dev.greeter.http.management;

import static io.vertx.core.http.HttpHeaders.ACCEPT;
import static io.vertx.core.http.HttpHeaders.VARY;

import dev.greeter.http.QualityValues;
import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import dev.greeter.monitor.Metrics;
import dev.greeter.monitor.MetricsFormat;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** {@code /metrics}, in the format that the client prefers. */
final class MetricsResource implements Resource {
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final Metrics metrics;

    MetricsResource(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public Future<Response> get(HttpServerRequest request) {
        MetricsFormat format = preferred(request.headers().getAll(ACCEPT));
        return metrics.scrape(format)
                .map(text -> new Response(
                        200, Response.uncached(format.contentType()).add(VARY, ACCEPT), text));
    }

    /** Returns OpenMetrics if the client names it and does not prefer text, otherwise text, whatever the client accepts. */
    static MetricsFormat preferred(List<String> accept) {
        if (accept.isEmpty()) {
            return MetricsFormat.TEXT;
        }
        QualityValues weights = QualityValues.of(accept);
        int openMetrics = weights.firstOf(OPEN_METRICS, "application/*");
        return openMetrics > 0 && openMetrics >= weights.firstOf("text/plain", "text/*", "*/*")
                ? MetricsFormat.OPEN_METRICS
                : MetricsFormat.TEXT;
    }
}
