package dev.greeter.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricsProcessor;
import org.hawkular.agent.prometheus.types.Counter;
import org.hawkular.agent.prometheus.types.Gauge;
import org.hawkular.agent.prometheus.types.Histogram;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.types.Summary;
import org.hawkular.agent.prometheus.walkers.CollectorPrometheusMetricsWalker;

/** Metrics in the text format, as an independent parser reads them. */
public final class Scraped {
    private final Map<String, MetricFamily> families;

    private Scraped(Map<String, MetricFamily> families) {
        this.families = families;
    }

    public static Scraped of(String text) {
        CollectorPrometheusMetricsWalker walker = new CollectorPrometheusMetricsWalker();
        try (ByteArrayInputStream in = new ByteArrayInputStream(text.getBytes(UTF_8))) {
            new TextPrometheusMetricsProcessor(in, walker).walk();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Scraped(walker.getAllMetricFamilies().stream()
                .collect(Collectors.toMap(MetricFamily::getName, family -> family)));
    }

    public Set<String> names() {
        return families.keySet();
    }

    /** The one counter or gauge with exactly these labels, given as a name and a value in turn. */
    public double value(String name, String... labels) {
        Metric metric = metric(name, labels);
        return metric instanceof Counter counter ? counter.getValue() : ((Gauge) metric).getValue();
    }

    public Histogram histogram(String name, String... labels) {
        return (Histogram) metric(name, labels);
    }

    /** The sum over all series of a counter or gauge that have these labels, among others. */
    public double sum(String name, String... labels) {
        return metrics(name)
                .filter(metric ->
                        metric.getLabels().entrySet().containsAll(map(labels).entrySet()))
                .mapToDouble(
                        metric -> metric instanceof Counter counter ? counter.getValue() : ((Gauge) metric).getValue())
                .sum();
    }

    /** Every value of a label. */
    public Set<String> values(String label) {
        return families.values().stream()
                .flatMap(family -> family.getMetrics().stream())
                .flatMap(metric -> Stream.ofNullable(metric.getLabels().get(label)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Every label of our own and of Vert.x's metrics. */
    public Set<String> labels(String prefix) {
        return families.values().stream()
                .filter(family -> family.getName().startsWith(prefix))
                .flatMap(family -> family.getMetrics().stream())
                .flatMap(metric -> metric.getLabels().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The number of series that Prometheus would keep. */
    public int series() {
        return families.values().stream()
                .flatMap(family -> family.getMetrics().stream())
                .mapToInt(Scraped::series)
                .sum();
    }

    private static int series(Metric metric) {
        int countAndSum = 2;
        if (metric instanceof Histogram histogram) {
            return histogram.getBuckets().size() + countAndSum;
        }
        return metric instanceof Summary summary ? summary.getQuantiles().size() + countAndSum : 1;
    }

    private Metric metric(String name, String... labels) {
        List<? extends Metric> found = metrics(name)
                .filter(metric -> metric.getLabels().equals(map(labels)))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(name + map(labels) + " is there " + found.size() + " times");
        }
        return found.get(0);
    }

    private Stream<? extends Metric> metrics(String name) {
        MetricFamily family = families.get(name);
        if (family == null) {
            throw new AssertionError(name + " is not there, but " + families.keySet());
        }
        return family.getMetrics().stream();
    }

    private static Map<String, String> map(String... labels) {
        return Stream.iterate(0, i -> i < labels.length, i -> i + 2)
                .collect(Collectors.toMap(i -> labels[i], i -> labels[i + 1]));
    }
}
