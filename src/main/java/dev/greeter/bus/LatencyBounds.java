package dev.greeter.bus;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;

/** The upper bounds of the buckets in which metrics report durations of exchanges, and the counts of these buckets. */
public final class LatencyBounds {
    public static final List<Long> MICROS = List.of(
            10L,
            25L,
            50L,
            100L,
            250L,
            500L,
            1_000L,
            2_500L,
            5_000L,
            10_000L,
            25_000L,
            50_000L,
            100_000L,
            250_000L,
            500_000L,
            1_000_000L,
            2_500_000L,
            5_000_000L,
            10_000_000L);

    private LatencyBounds() {}

    /** How many values are within each bound and above the one before it; the last element counts those above all bounds. */
    public static List<Long> counts(AbstractHistogram values, List<Long> bounds) {
        List<Long> counts = new ArrayList<>(bounds.size() + 1);
        long from = 0;
        long above = values.getTotalCount();
        for (long bound : bounds) {
            long count = values.getCountBetweenValues(from, bound);
            counts.add(count);
            above -= count;
            // values that the histogram does not distinguish from the bound were counted with it
            from = values.nextNonEquivalentValue(bound);
        }
        counts.add(above);
        return counts;
    }
}
