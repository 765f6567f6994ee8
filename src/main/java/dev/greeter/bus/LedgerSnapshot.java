package dev.greeter.bus;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/**
 * All that one node's ledger counted since the start, at one moment, so that its numbers agree with each other.
 *
 * @param exchanges each combination once
 * @param durations service time of answered exchanges
 * @param connections how many are open
 * @param drained sessions ended by {@code Bye}
 * @param cut connections cut at the end of the grace period
 * @param suppressed exchanges without a line in the log
 * @param cluster null if the node is in none
 */
public record LedgerSnapshot(
        List<Count> exchanges,
        PerProtocol<Durations> durations,
        PerProtocol<Long> connections,
        long drained,
        long cut,
        long suppressed,
        @Nullable Cluster cluster) {

    /**
     * The cluster, as the node knows it.
     *
     * @param nodes that live, itself among them
     * @param partial whether stats may lack something
     */
    public record Cluster(long nodes, boolean partial) {}

    /** The number of exchanges of one combination. */
    public record Count(Protocol protocol, Form form, Outcome outcome, long count) {}

    /**
     * How long exchanges took.
     *
     * @param counts how many are within each of {@link #BOUNDS_MICROS}, as {@link #counts(AbstractHistogram, List)} returns
     *     them
     */
    public record Durations(List<Long> counts, long sumMicros) {
        /** The upper bounds of the buckets in metrics. */
        public static final List<Long> BOUNDS_MICROS = List.of(
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

    /** The same, of a node in a cluster. */
    public LedgerSnapshot in(Cluster known) {
        return new LedgerSnapshot(exchanges, durations, connections, drained, cut, suppressed, known);
    }
}
