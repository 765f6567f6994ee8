package dev.greeter.probe;

import dev.greeter.probe.measure.Latency;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a run found.
 *
 * @param complete whether it ran to its end, and was not ended early
 * @param failure what the probe itself ended it with, where it should never end; its rows are as they were by then
 * @param reconciliation nothing if none was asked for
 */
public record Report(
        Plan plan,
        Instant startedAt,
        Instant endedAt,
        boolean complete,
        Optional<String> failure,
        List<ScenarioResult> results,
        Optional<Reconciliation> reconciliation) {

    public long sent() {
        return results.stream().mapToLong(ScenarioResult::sent).sum();
    }

    public long answered() {
        return results.stream().mapToLong(ScenarioResult::answered).sum();
    }

    public long lost() {
        return results.stream().mapToLong(ScenarioResult::lost).sum();
    }

    public boolean isWithinLimits() {
        return violations().isEmpty();
    }

    /** What is beyond the limits, a line each. */
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
        long unfinished = results.stream().mapToLong(ScenarioResult::unfinished).sum();
        if (unfinished > 0 && lost() + unfinished > limits.maxLost()) {
            violations.add(String.format(Locale.ROOT, "ended at once, with %,d unfinished", unfinished));
        }
        for (ScenarioResult result : results) {
            violation(result).ifPresent(violations::add);
        }
        reconciliation.flatMap(Reconciliation::violation).ifPresent(violations::add);
        return violations;
    }

    /** Who answered what no exchange waited for: it is out of step, and its next answers can be those of others. */
    public Optional<String> unsolicited() {
        String all = results.stream()
                .filter(result -> result.unsolicited() > 0)
                .map(result -> String.format(
                        Locale.ROOT,
                        "%s at %s %,d",
                        result.scenario().mode().label(),
                        result.scenario().target().name(),
                        result.unsolicited()))
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? Optional.empty() : Optional.of("unsolicited answers: " + all);
    }

    /** What a row is called in a line of its own: its form, and its target too where another row has that form. */
    public String name(ScenarioResult result) {
        String mode = result.scenario().mode().label();
        boolean alone = results.stream()
                        .filter(other ->
                                other.scenario().mode() == result.scenario().mode())
                        .count()
                == 1;
        return alone ? mode : mode + " at " + result.scenario().target().name();
    }

    /** How a row's latency is beyond its limit, as it also is where nothing was answered. */
    public Optional<String> violation(ScenarioResult result) {
        Latency latency = result.latency();
        return plan.limits()
                .maxP99()
                .filter(max -> result.answered() == 0
                        || Duration.of(latency.p99(), ChronoUnit.MICROS).compareTo(max) > 0)
                .map(max -> "p99 of " + name(result) + " is "
                        + (result.answered() == 0 ? "unknown, nothing was answered" : Units.latency(latency.p99()))
                        + ", allowed are " + Units.latency(max.toNanos() / 1_000));
    }
}
