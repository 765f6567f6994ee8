package dev.greeter.probe.measure;

import java.time.Duration;
import java.util.Map;

/**
 * What became of a scenario's exchanges since its start. Each that was {@code sent} is answered, lost, or unfinished.
 *
 * @param sent exchanges that came to their time, the unsent ones too
 * @param moved lines sent again on a new connection, because a server said {@code Bye} before it had read them
 * @param unsent of the losses by timeout, those that found no connection free: not an octet of them was sent
 * @param late answers that came after their exchange was lost by timeout
 * @param connections how many were opened
 * @param unsolicited answers, or other octets, that came where no exchange waited for any
 * @param behind exchanges that the probe itself began too late to be on schedule
 * @param stalled for how long the probe itself stood still; latencies and timeouts do not count it
 * @param losses by class, those that occurred
 * @param rejected the losses of that class by code
 * @param tls the losses of that class by {@link dev.greeter.client.connect.TlsCause#label}
 */
public record Counts(
        long sent,
        long answered,
        long moved,
        long unsent,
        long late,
        long connections,
        long unsolicited,
        long behind,
        Duration stalled,
        Map<Loss.Kind, Long> losses,
        Map<String, Long> rejected,
        Map<String, Long> tls) {
    public long lost() {
        return total(losses);
    }

    /** Neither answered nor lost, because the run goes on, or was ended at once. */
    public long unfinished() {
        return sent - answered - lost();
    }

    static long total(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
