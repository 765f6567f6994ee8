package dev.greeter.probe;

import dev.greeter.probe.measure.CertificatesEnd;
import dev.greeter.probe.measure.Counts;
import dev.greeter.probe.measure.LiveCounts;
import dev.greeter.probe.measure.Loss;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** A probe's counts as metrics for Prometheus ({@code src/docs/probe.md}). */
final class ProbeMetrics {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double MICROS_PER_SECOND = TimeUnit.SECONDS.toMicros(1);

    private final List<LiveCounts> scenarios;
    private final MetricSnapshots.Builder metrics = MetricSnapshots.builder();

    private ProbeMetrics(List<LiveCounts> scenarios) {
        this.scenarios = scenarios;
    }

    static MetricSnapshots of(List<LiveCounts> scenarios) {
        ProbeMetrics all = new ProbeMetrics(scenarios);
        all.up();
        all.counter("sent", "Exchanges that came to their time.", Counts::sent);
        all.counter("answered", "Exchanges that were answered rightly and in time.", Counts::answered);
        all.counters("lost", "Exchanges that were lost, by class.", "class", ProbeMetrics::byClass);
        all.counters("rejected", "Losses of class rejected, by code.", "code", Counts::rejected);
        all.counters("tls_failed", "Losses of class tls, by cause.", "cause", Counts::tls);
        all.counter("unsolicited", "Answers that no exchange waited for.", Counts::unsolicited);
        all.counter("moved", "Lines sent again on another connection after Bye; no losses.", Counts::moved);
        all.counter("unsent", "Losses of class timeout that no connection was free for.", Counts::unsent);
        all.counter("late", "Answers that came after their exchange was lost.", Counts::late);
        all.counter("connections", "Connections opened.", Counts::connections);
        all.counter("behind", "Exchanges that the probe itself began too late.", Counts::behind);
        all.counter(
                "stalled_seconds", "For how long the probe itself stood still.", counts -> seconds(counts.stalled()));
        all.countersOf("node_answered", "Exchanges answered, by node.", "node", LiveCounts::nodes);
        all.certificates();
        all.latency();
        return all.metrics.build();
    }

    private void up() {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("greeter_probe_up")
                .help("Whether the exchange that ended last was answered.");
        scenarios.forEach(scenario -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(labels(scenario))
                .value(scenario.up() ? 1 : 0)
                .build()));
        metrics.metricSnapshot(gauge.build());
    }

    private void counter(String name, String help, ToDoubleFunction<Counts> value) {
        CounterSnapshot.Builder counter = named(name, help);
        scenarios.forEach(
                scenario -> counter.dataPoint(point(labels(scenario), value.applyAsDouble(scenario.counts()))));
        metrics.metricSnapshot(counter.build());
    }

    private void counters(String name, String help, String label, Function<Counts, Map<String, Long>> values) {
        countersOf(name, help, label, scenario -> values.apply(scenario.counts()));
    }

    private void countersOf(String name, String help, String label, Function<LiveCounts, Map<String, Long>> values) {
        CounterSnapshot.Builder counter = named(name, help);
        scenarios.forEach(scenario -> values.apply(scenario)
                .forEach((text, value) ->
                        counter.dataPoint(point(labels(scenario).add(label, text), value))));
        metrics.metricSnapshot(counter.build());
    }

    private void certificates() {
        Map<String, CertificatesEnd> ends = new LinkedHashMap<>();
        scenarios.forEach(scenario -> scenario.certificatesEnd()
                .ifPresent(end -> ends.merge(scenario.scenario().target().name(), end, CertificatesEnd::newest)));
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder()
                .name("greeter_probe_tls_certificate_expiry_seconds")
                .help("When the first certificate ends that a target's newest connection got, in seconds since 1970.");
        ends.forEach((target, seen) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of("target", target))
                .value((double) seen.end().getEpochSecond())
                .build()));
        metrics.metricSnapshot(gauge.build());
    }

    private void latency() {
        HistogramSnapshot.Builder histogram = HistogramSnapshot.builder()
                .name("greeter_probe_latency_seconds")
                .help("From when an exchange was meant to begin to its answer.");
        scenarios.forEach(scenario -> histogram.dataPoint(HistogramDataPointSnapshot.builder()
                .labels(labels(scenario))
                .classicHistogramBuckets(buckets(scenario.latencies()))
                .sum(seconds(scenario.latencySum()))
                .build()));
        metrics.metricSnapshot(histogram.build());
    }

    private static ClassicHistogramBuckets buckets(List<Long> counts) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        List<Long> bounds = LiveCounts.BOUNDS_MICROS;
        for (int i = 0; i < bounds.size(); i++) {
            buckets.bucket(bounds.get(i) / MICROS_PER_SECOND, counts.get(i));
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, counts.get(bounds.size()))
                .build();
    }

    private static CounterSnapshot.Builder named(String name, String help) {
        return CounterSnapshot.builder().name("greeter_probe_" + name).help(help);
    }

    private static CounterDataPointSnapshot point(Labels labels, double value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private static Labels labels(LiveCounts counts) {
        return Labels.of(
                "form",
                counts.scenario().mode().label(),
                "target",
                counts.scenario().target().name());
    }

    /** Of every class, those that did not occur too. */
    private static Map<String, Long> byClass(Counts counts) {
        Map<String, Long> byClass = new LinkedHashMap<>();
        for (Loss.Kind kind : Loss.Kind.values()) {
            byClass.put(kind.label(), counts.losses().getOrDefault(kind, 0L));
        }
        return byClass;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }
}
