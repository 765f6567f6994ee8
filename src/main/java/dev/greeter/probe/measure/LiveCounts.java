package dev.greeter.probe.measure;

import dev.greeter.bus.LedgerSnapshot.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a scenario has counted by now, for metrics that are read again and again.
 *
 * @param up whether the exchange that ended last was answered; true while none has
 * @param sinceAnswer how long ago the last answer came; empty before the first
 * @param sinceLoss how long ago the last exchange was lost; empty before the first
 * @param latencies how many were answered within each of {@link #BOUNDS_MICROS}, and above the bound before; the last are
 *     those above all
 * @param latencySum of all answered
 * @param nodes how many each answered
 * @param certificatesEnd as in a {@link ScenarioResult}
 */
public record LiveCounts(
        Scenario scenario,
        Counts counts,
        boolean up,
        Optional<Duration> sinceAnswer,
        Optional<Duration> sinceLoss,
        List<Long> latencies,
        Duration latencySum,
        Map<String, Long> nodes,
        Optional<CertificatesEnd> certificatesEnd) {
    /** Those of {@link Durations} that a network's latency can be within. */
    public static final List<Long> BOUNDS_MICROS =
            Durations.BOUNDS_MICROS.stream().filter(bound -> bound >= 250).toList();
}
