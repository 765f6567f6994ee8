package dev.greeter.probe.measure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What became of one row: {@code sent} is {@code answered}, all losses, and what was {@code unfinished} when the run was
 * ended at once.
 *
 * @param sent exchanges that came to their time, the unsent ones too
 * @param moved lines sent again on a new connection, since a server said {@code Bye} before it had read them
 * @param unsent of the losses by timeout, those that found no connection free: not an octet of them was sent
 * @param late answers that came after their exchange was lost by timeout
 * @param connections how many were opened
 * @param unsolicited answers, or other octets, that came where no exchange waited for any
 * @param addresses how often the probe connected, or tried to, by the address that the target's name had then
 * @param unfinished neither answered nor lost, since the run was not waited for to its end
 * @param losses by name, those that occurred
 * @param rejected the losses of that name by code
 * @param tls the losses of that name by {@link dev.greeter.client.connect.TlsCause#label}
 * @param outagesLeftOut outages not told, as there were too many
 * @param behind exchanges that the probe itself began too late to be on schedule
 * @param stalled for how long the probe itself stood still; latencies and timeouts do not count it
 * @param maxLag the longest of it
 */
public record ScenarioResult(
        Scenario scenario,
        long sent,
        long answered,
        long moved,
        long unsent,
        long late,
        long connections,
        long unsolicited,
        Map<String, Long> addresses,
        long unfinished,
        Map<Loss.Kind, Long> losses,
        Map<String, Long> rejected,
        Map<String, Long> tls,
        List<Outage> outages,
        long outagesLeftOut,
        Latency latency,
        List<NodeShare> nodes,
        long behind,
        Duration stalled,
        Duration maxLag,
        Timeline timeline) {

    /**
     * Losses of one name, with no more than the gap from each to the next.
     *
     * @param first when the first exchange that was lost should have begun
     */
    public record Outage(Loss loss, Instant first, Instant last, long count) {}

    /** A node and what it answered; a span ends when it was silent for longer than the gap. */
    public record NodeShare(String node, long answered, List<Span> spans) {}

    public record Span(Instant first, Instant last, long answered) {}

    /** Slices of one width, the first one from the start of the run. */
    public record Timeline(Duration width, List<Slice> slices) {}

    /**
     * Those that were meant to begin within its width.
     *
     * @param p50 microseconds, to about 6 %, as is p99 and max
     */
    public record Slice(long answered, Map<Loss.Kind, Long> losses, long p50, long p99, long max) {
        public long lost() {
            return losses.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    public long lost() {
        return losses.values().stream().mapToLong(Long::longValue).sum();
    }
}
