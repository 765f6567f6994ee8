package dev.greeter.probe.measure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one scenario.
 *
 * @param addresses how often the probe connected, or tried to, by the address that the target's name had then
 * @param outagesLeftOut how many outages are not listed, because there were too many
 * @param certificatesEnd by the newest connection over TLS; empty without one
 * @param maxLag the longest time for which the probe itself stood still at once
 */
public record ScenarioResult(
        Scenario scenario,
        Counts counts,
        Map<String, Long> addresses,
        List<Outage> outages,
        long outagesLeftOut,
        Optional<CertificatesEnd> certificatesEnd,
        Latency latency,
        List<NodeShare> nodes,
        Duration maxLag,
        Timeline timeline) {

    /**
     * Losses of one class and code, with no more than the gap from each to the next.
     *
     * @param first when the first exchange that was lost should have begun
     * @param last the same of the last one
     */
    public record Outage(Loss loss, Instant first, Instant last, long count) {}

    /** A node and how many it answered; a span ends when the node was silent for longer than the gap. */
    public record NodeShare(String node, long answered, List<Span> spans) {}

    /** Answers of one node, from the first to the last. */
    public record Span(Instant first, Instant last, long answered) {}

    /** Slices of one width, the first one from the start of the run. */
    public record Timeline(Duration width, List<Slice> slices) {}

    /**
     * The exchanges that were meant to begin within a slice's width.
     *
     * @param p50 microseconds, to about 6 %, as are p99 and max
     */
    public record Slice(long answered, Map<Loss.Kind, Long> losses, long p50, long p99, long max) {
        public long lost() {
            return Counts.total(losses);
        }
    }
}
