package dev.greeter.monitor;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import java.util.function.DoubleSupplier;

/**
 * One number of a node's that goes up and down, for its metrics.
 *
 * @param name as Prometheus has it
 * @param help one sentence of what it tells
 * @param value asked at each scrape, by any thread
 */
public record Gauge(String name, String help, DoubleSupplier value) {
    GaugeSnapshot snapshot() {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .value(value.getAsDouble())
                        .build())
                .build();
    }
}
