package dev.greeter.bus;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that one node's ledger counted since the start, at one moment, so that its numbers agree with each other.
 *
 * @param exchanges each combination once
 * @param durations service time of answered exchanges
 * @param connections how many are open
 * @param drained sessions ended by {@code Bye}
 * @param cut connections cut at the end of the grace period
 * @param suppressed exchanges that have no line of their own in the log
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
     * @param counts how many are within each of {@link LatencyBounds#MICROS}, as {@link LatencyBounds#counts} has them
     */
    public record Durations(List<Long> counts, long sumMicros) {}

    /** The same, of a node in a cluster. */
    public LedgerSnapshot in(Cluster known) {
        return new LedgerSnapshot(exchanges, durations, connections, drained, cut, suppressed, known);
    }
}
