package dev.greeter.probe.measure;

import dev.greeter.bus.LatencyBounds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a row has counted since its start, for whoever asks again and again.
 *
 * @param up whether the exchange that ended last was answered; true while none has
 * @param sinceAnswer how long ago the last answer came; nothing before the first
 * @param sinceLoss the same of the last loss
 * @param losses by class, all of them
 * @param rejected the losses of that class by code
 * @param tls the losses of that class by cause
 * @param latencies how many were answered within each of {@link #BOUNDS_MICROS}, and above the bound before; the last are
 *     those above all
 * @param latencySum of all answered
 * @param nodes how many each answered
 */
public record Counts(
        Scenario scenario,
        boolean up,
        Optional<Duration> sinceAnswer,
        Optional<Duration> sinceLoss,
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
        Map<String, Long> tls,
        List<Long> latencies,
        Duration latencySum,
        Map<String, Long> nodes) {
    /** Those of {@link LatencyBounds} that a network's latency can be within. */
    public static final List<Long> BOUNDS_MICROS =
            LatencyBounds.MICROS.stream().filter(bound -> bound >= 250).toList();
}
