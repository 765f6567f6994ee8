package dev.greeter.monitor;

import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.LedgerSnapshot.Durations;
import dev.greeter.bus.Protocol;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.ArrayList;
import java.util.List;

/** The ledger's numbers as Prometheus has them. */
final class LedgerMetrics {
    private static final double MICROS_PER_SECOND = 1e6;

    private LedgerMetrics() {}

    static List<MetricSnapshot> of(LedgerSnapshot ledger) {
        List<MetricSnapshot> all = new ArrayList<>(List.of(
                exchanges(ledger),
                durations(ledger),
                connections(ledger),
                counter("greeter_sessions_drained", "Sessions ended by Bye.", ledger.drained()),
                counter("greeter_connections_cut", "Connections cut at the end of the grace period.", ledger.cut()),
                counter(
                        "greeter_exchange_log_suppressed",
                        "Exchanges without their own line in the log.",
                        ledger.suppressed())));
        LedgerSnapshot.Cluster cluster = ledger.cluster();
        if (cluster != null) {
            all.add(gauge("greeter_cluster_nodes", "Nodes of the cluster that live, as this one knows.", (double)
                    cluster.nodes()));
            all.add(gauge(
                    "greeter_cluster_partial",
                    "Whether stats of the cluster may lack something.",
                    cluster.partial() ? 1 : 0));
        }
        return all;
    }

    private static CounterSnapshot exchanges(LedgerSnapshot ledger) {
        CounterSnapshot.Builder exchanges =
                CounterSnapshot.builder().name("greeter_exchanges").help("Exchanges by how they ended.");
        ledger.exchanges()
                .forEach(counted -> exchanges.dataPoint(CounterDataPointSnapshot.builder()
                        .labels(Labels.of(
                                "protocol", counted.protocol().label(),
                                "form", counted.form().label(),
                                "outcome", counted.outcome().label()))
                        .value((double) counted.count())
                        .build()));
        return exchanges.build();
    }

    private static HistogramSnapshot durations(LedgerSnapshot ledger) {
        HistogramSnapshot.Builder durations = HistogramSnapshot.builder()
                .name("greeter_exchange_seconds")
                .unit(Unit.SECONDS)
                .help("Service time of answered exchanges.");
        for (Protocol protocol : Protocol.values()) {
            Durations taken = ledger.durations().get(protocol);
            durations.dataPoint(HistogramDataPointSnapshot.builder()
                    .labels(protocol(protocol))
                    .classicHistogramBuckets(buckets(taken))
                    .sum(taken.sumMicros() / MICROS_PER_SECOND)
                    .build());
        }
        return durations.build();
    }

    private static ClassicHistogramBuckets buckets(Durations durations) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        int last = Durations.BOUNDS_MICROS.size();
        for (int i = 0; i < last; i++) {
            buckets.bucket(
                    Durations.BOUNDS_MICROS.get(i) / MICROS_PER_SECOND,
                    durations.counts().get(i));
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, durations.counts().get(last))
                .build();
    }

    private static GaugeSnapshot connections(LedgerSnapshot ledger) {
        GaugeSnapshot.Builder connections =
                GaugeSnapshot.builder().name("greeter_connections").help("Open connections.");
        for (Protocol protocol : Protocol.values()) {
            connections.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(protocol(protocol))
                    .value(ledger.connections().get(protocol))
                    .build());
        }
        return connections.build();
    }

    private static CounterSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(
                        CounterDataPointSnapshot.builder().value((double) value).build())
                .build();
    }

    static GaugeSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    private static Labels protocol(Protocol protocol) {
        return Labels.of("protocol", protocol.label());
    }
}
