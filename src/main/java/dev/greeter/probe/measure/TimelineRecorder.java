package dev.greeter.probe.measure;

import dev.greeter.probe.measure.ScenarioResult.Slice;
import dev.greeter.probe.measure.ScenarioResult.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.IntCountsHistogram;

/**
 * Exchanges by the time at which they were meant to begin, in slices of equal width. When there are too many, two become
 * one: a run of any length takes the same memory.
 */
final class TimelineRecorder {
    static final int MAX_SLICES = 512;

    private static final long FIRST_WIDTH_NANOS = 100_000_000L;

    /** A chart needs no more. */
    private static final int SIGNIFICANT_DIGITS = 1;

    private static final class SliceRecorder {
        final IntCountsHistogram micros = new IntCountsHistogram(SIGNIFICANT_DIGITS);
        final Map<Loss.Kind, Long> losses = new EnumMap<>(Loss.Kind.class);

        void add(SliceRecorder other) {
            micros.add(other.micros);
            other.losses.forEach((kind, count) -> losses.merge(kind, count, Long::sum));
        }

        Slice slice() {
            return new Slice(
                    micros.getTotalCount(),
                    new EnumMap<>(losses),
                    micros.getValueAtPercentile(50),
                    micros.getValueAtPercentile(99),
                    micros.getMaxValue());
        }
    }

    private final List<SliceRecorder> slices = new ArrayList<>();
    private long widthNanos = FIRST_WIDTH_NANOS;

    /** @param at nanoseconds since the start */
    void answered(long at, long micros) {
        slice(at).micros.recordValue(micros);
    }

    void lost(long at, Loss.Kind kind) {
        slice(at).losses.merge(kind, 1L, Long::sum);
    }

    Timeline timeline() {
        return new Timeline(
                Duration.ofNanos(widthNanos),
                slices.stream().map(SliceRecorder::slice).toList());
    }

    private SliceRecorder slice(long at) {
        while (at / widthNanos >= MAX_SLICES) {
            halve();
        }
        int index = (int) (Math.max(0, at) / widthNanos);
        while (slices.size() <= index) {
            slices.add(new SliceRecorder());
        }
        return slices.get(index);
    }

    private void halve() {
        List<SliceRecorder> merged = new ArrayList<>();
        for (int i = 0; i < slices.size(); i++) {
            if (i % 2 == 0) {
                merged.add(slices.get(i));
            } else {
                merged.get(i / 2).add(slices.get(i));
            }
        }
        slices.clear();
        slices.addAll(merged);
        widthNanos *= 2;
    }
}
