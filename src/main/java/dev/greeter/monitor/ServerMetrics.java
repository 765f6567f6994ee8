package dev.greeter.monitor;

import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The metrics that Vert.x itself has of its HTTP and TCP servers. One for each Vert.x. */
public final class ServerMetrics {
    /** Those of the event bus would cost each message a microsecond; the rest is not used, or is counted elsewhere. */
    private static final Set<MetricsDomain> COUNTED = EnumSet.of(MetricsDomain.HTTP_SERVER, MetricsDomain.NET_SERVER);

    /** Each with few values, unlike methods and paths, which clients make up. */
    private static final Set<Label> LABELS = EnumSet.of(Label.LOCAL, Label.HTTP_CODE);

    /**
     * Vert.x takes a request that was answered before its end for one that never ends, and one that was reset for two. The
     * metric {@code greeter_http_active_requests} stands for the first, and the exchanges that failed for the second.
     */
    private static final Set<String> WRONG =
            Set.of("vertx.http.server.active.requests", "vertx.http.server.request.resets");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    public ServerMetrics() {
        registry.config().meterFilter(MeterFilter.deny(meter -> WRONG.contains(meter.getName())));
    }

    /** For the Vert.x that is to be counted. */
    public VertxMetricsFactory factory() {
        return new MicrometerMetricsFactory(registry);
    }

    /** For its options. */
    public MetricsOptions options() {
        return new MicrometerMetricsOptions()
                // the library keeps registries by name for the whole JVM
                .setRegistryName(UUID.randomUUID().toString())
                .setDisabledMetricsCategories(EnumSet.complementOf(EnumSet.copyOf(COUNTED)).stream()
                        .map(MetricsDomain::toCategory)
                        .collect(Collectors.toSet()))
                .setLabels(LABELS)
                .setEnabled(true);
    }

    MetricSnapshots collect() {
        return registry.getPrometheusRegistry().scrape();
    }
}
