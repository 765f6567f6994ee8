package dev.greeter.probe;

import dev.greeter.probe.measure.CertificatesEnd;
import dev.greeter.probe.measure.Latency;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a run found out.
 *
 * @param complete whether it ran to its end, and was not ended early
 * @param failure of the probe itself, which ended the run; its results are as they were by then
 * @param reconciliation empty if none was asked for
 */
public record Report(
        Plan plan,
        Instant startedAt,
        Instant endedAt,
        boolean complete,
        Optional<String> failure,
        List<ScenarioResult> results,
        Optional<Reconciliation> reconciliation) {

    private static final double MILLIS_PER_SECOND = 1_000;

    /**
     * The certificates that a target showed its newest connection over TLS.
     *
     * @param end when the first of them ends
     * @param left from the end of the run to that; negative for one that has ended
     * @param endsSoon whether that is within the plan's limit for a warning
     */
    public record Certificates(String target, Instant end, Duration left, boolean endsSoon) {
        /** Whole days that are left, rounded down. */
        public long daysLeft() {
            return Math.floorDiv(left.toSeconds(), Duration.ofDays(1).toSeconds());
        }
    }

    /** From its start to its end, to the millisecond. */
    public double seconds() {
        return Duration.between(startedAt, endedAt).toMillis() / MILLIS_PER_SECOND;
    }

    public long sent() {
        return results.stream().mapToLong(result -> result.counts().sent()).sum();
    }

    public long answered() {
        return results.stream().mapToLong(result -> result.counts().answered()).sum();
    }

    public long lost() {
        return results.stream().mapToLong(result -> result.counts().lost()).sum();
    }

    /** Returns those of each target that a connection over TLS was made to, once. */
    public List<Certificates> certificates() {
        Map<String, CertificatesEnd> ends = new LinkedHashMap<>();
        results.forEach(result -> result.certificatesEnd()
                .ifPresent(end -> ends.merge(result.scenario().target().name(), end, CertificatesEnd::newest)));
        return ends.entrySet().stream()
                .map(entry -> {
                    Instant end = entry.getValue().end();
                    Duration left = Duration.between(endedAt, end);
                    boolean soon = !plan.warnExpiry().isZero() && left.compareTo(plan.warnExpiry()) <= 0;
                    return new Certificates(entry.getKey(), end, left, soon);
                })
                .toList();
    }

    /** Returns a line for each target whose certificates end soon, or have ended; no limit of the run. */
    public List<String> warnings() {
        return certificates().stream()
                .filter(Certificates::endsSoon)
                .map(certificates -> "a certificate of " + certificates.target() + " " + ends(certificates.left())
                        + ", at " + Units.time(certificates.end()))
                .toList();
    }

    private static String ends(Duration left) {
        return left.isNegative() ? "ended " + Units.rough(left.negated()) + " ago" : "ends in " + Units.rough(left);
    }

    public boolean isWithinLimits() {
        return violations().isEmpty();
    }

    /** Returns a line for each limit that the run did not keep to. */
    public List<String> violations() {
        List<String> violations = new ArrayList<>();
        Limits limits = plan.limits();
        failure.ifPresent(what -> violations.add("the probe failed unexpectedly: " + what));
        if (sent() == 0) {
            violations.add("no exchange was made");
        }
        if (lost() > limits.maxLost()) {
            violations.add(
                    String.format(Locale.ROOT, "lost %,d of %,d, allowed are %,d", lost(), sent(), limits.maxLost()));
        }
        unsolicited().ifPresent(violations::add);
        long unfinished = results.stream()
                .mapToLong(result -> result.counts().unfinished())
                .sum();
        if (unfinished > 0 && lost() + unfinished > limits.maxLost()) {
            violations.add(String.format(Locale.ROOT, "ended at once, with %,d unfinished", unfinished));
        }
        for (ScenarioResult result : results) {
            violation(result).ifPresent(violations::add);
        }
        reconciliation.flatMap(Reconciliation::violation).ifPresent(violations::add);
        return violations;
    }

    /** The scenarios with answers that no exchange waited for: such a server is out of step, and may swap its next answers. */
    public Optional<String> unsolicited() {
        String all = results.stream()
                .filter(result -> result.counts().unsolicited() > 0)
                .map(result -> result.scenario().name() + " "
                        + Units.count(result.counts().unsolicited()))
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? Optional.empty() : Optional.of("unsolicited answers: " + all);
    }

    /** Names a scenario in a line: its mode, and its target too where another scenario has that mode. */
    public String name(ScenarioResult result) {
        Scenario scenario = result.scenario();
        boolean alone = results.stream()
                        .filter(other -> other.scenario().mode() == scenario.mode())
                        .count()
                == 1;
        return alone ? scenario.mode().label() : scenario.name();
    }

    /** How a scenario's latency is beyond its limit; it is too where nothing was answered. */
    public Optional<String> violation(ScenarioResult result) {
        Latency latency = result.latency();
        return plan.limits()
                .maxP99()
                .filter(max -> result.counts().answered() == 0
                        || Duration.of(latency.p99(), ChronoUnit.MICROS).compareTo(max) > 0)
                .map(max -> "p99 of " + name(result) + " is "
                        + (result.counts().answered() == 0
                                ? "unknown, nothing was answered"
                                : Units.latency(latency.p99()))
                        + ", allowed are " + Units.latency(max));
    }
}
