package dev.greeter.probe.measure;

import org.HdrHistogram.Histogram;

/** Microseconds from when an exchange was meant to begin to the last octet of its answer, of those with an answer. */
public record Latency(double mean, long p50, long p75, long p90, long p99, long p999, long max) {
    static Latency of(Histogram micros) {
        return new Latency(
                micros.getTotalCount() == 0 ? 0 : micros.getMean(),
                micros.getValueAtPercentile(50),
                micros.getValueAtPercentile(75),
                micros.getValueAtPercentile(90),
                micros.getValueAtPercentile(99),
                micros.getValueAtPercentile(99.9),
                micros.getMaxValue());
    }
}
