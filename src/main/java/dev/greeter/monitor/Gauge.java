package dev.greeter.monitor;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Numbers of a node's that go up and down, for its metrics.
 *
 * @param name as Prometheus has it
 * @param help one sentence of what it tells
 * @param values by their labels; each is asked at each scrape, by any thread
 */
public record Gauge(String name, String help, Map<Labels, DoubleSupplier> values) {
    /** One number. */
    public Gauge(String name, String help, DoubleSupplier value) {
        this(name, help, Map.of(Labels.EMPTY, value));
    }

    GaugeSnapshot snapshot() {
        GaugeSnapshot.Builder snapshot = GaugeSnapshot.builder().name(name).help(help);
        values.forEach((labels, value) -> snapshot.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels)
                .value(value.getAsDouble())
                .build()));
        return snapshot.build();
    }
}
