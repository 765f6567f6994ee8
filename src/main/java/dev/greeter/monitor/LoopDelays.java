package dev.greeter.monitor;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.TimeUnit;

/** How long the event loops of one kind of verticle took to run what they were given. Used by one thread. */
final class LoopDelays {
    private static final double[] BOUNDS_SECONDS = {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10};
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long[] counts = new long[BOUNDS_SECONDS.length + 1];
    private double sumSeconds;

    void add(long nanos) {
        double seconds = nanos / NANOS_PER_SECOND;
        int bucket = 0;
        while (bucket < BOUNDS_SECONDS.length && seconds > BOUNDS_SECONDS[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        sumSeconds += seconds;
    }

    HistogramDataPointSnapshot toDataPoint(Labels labels) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < BOUNDS_SECONDS.length; i++) {
            buckets.bucket(BOUNDS_SECONDS[i], counts[i]);
        }
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(buckets.bucket(Double.POSITIVE_INFINITY, counts[BOUNDS_SECONDS.length])
                        .build())
                .sum(sumSeconds)
                .build();
    }
}
