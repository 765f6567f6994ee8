package dev.greeter.probe;

import dev.greeter.bus.Node;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import dev.greeter.client.TerminalText;
import dev.greeter.probe.measure.ScenarioResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a service's counts before and after a run, each time until they have come to rest. */
final class Reconciler {
    /** A cluster's node shares its counts once a second at least. */
    static final Duration INTERVAL = Duration.ofMillis(1_200);

    private static final int MAX_READINGS = 10;

    /** Nodes in a report's line, however many an answer has. */
    private static final int MAX_NAMED = 10;

    private final Vertx vertx;
    private final Supplier<Future<Stats>> stats;
    private final Duration interval;

    /** @param settled whether two readings, one after the other, had the same counts */
    private record Reading(Stats stats, boolean settled) {}

    private @Nullable Reading before;
    private @Nullable Throwable failure;

    Reconciler(Vertx vertx, Supplier<Future<Stats>> stats, Duration interval) {
        this.vertx = vertx;
        this.stats = stats;
        this.interval = interval;
    }

    /** Never fails: {@link #after} reports what went wrong. */
    Future<Void> before() {
        return settled(null, 1, stats -> true)
                .onSuccess(reading -> before = reading)
                .onFailure(cause -> failure = cause)
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    Future<Reconciliation> after(List<ScenarioResult> results) {
        Reading first = before;
        if (first == null) {
            return Future.succeededFuture(Reconciliation.failed(why(failure)));
        }
        // confirmed exchanges may still be on their way to the ledger, and the counts rest meanwhile
        Predicate<Stats> all = last -> compare(first, new Reading(last, true), results).lines().stream()
                .allMatch(line -> line.difference() >= 0);
        return settled(null, 1, all)
                .map(last -> compare(first, last, results))
                .otherwise(cause -> Reconciliation.failed(why(cause)));
    }

    private Future<Reading> settled(@Nullable Stats previous, int readings, Predicate<Stats> enough) {
        return stats.get().compose(now -> {
            boolean same = previous != null && previous.totals().equals(now.totals());
            if ((same && enough.test(now)) || readings >= MAX_READINGS) {
                return Future.succeededFuture(new Reading(now, same));
            }
            return vertx.timer(interval.toMillis(), TimeUnit.MILLISECONDS)
                    .compose(waited -> settled(now, readings + 1, enough));
        });
    }

    private static Reconciliation compare(Reading first, Reading last, List<ScenarioResult> results) {
        PerProtocol<Stats.Tally> before = first.stats().totals();
        PerProtocol<Stats.Tally> after = last.stats().totals();
        List<Reconciliation.Line> lines = Arrays.stream(Protocol.values())
                .filter(protocol -> results.stream()
                        .anyMatch(result -> result.scenario().mode().protocol() == protocol))
                .map(protocol -> line(protocol, results, before.get(protocol), after.get(protocol)))
                .toList();
        boolean partial = first.stats().partial() || last.stats().partial();
        boolean exact = lines.stream().allMatch(line -> line.difference() == 0);
        List<Node> others = exact ? List.of() : replacements(first.stats(), last.stats());
        if (others.isEmpty()) {
            return new Reconciliation(lines, Optional.empty(), List.of(), !first.settled() || !last.settled(), partial);
        }
        List<Node> started = others.stream()
                .filter(node -> !node.startedAt().isBefore(first.stats().at()))
                .toList();
        return started.isEmpty()
                ? Reconciliation.failed("another service answered after the run than before it, with counts of"
                        + " its own (started: " + String.join(", ", names(others)) + ")")
                : Reconciliation.restarted(names(started), partial);
    }

    private static List<String> names(List<Node> nodes) {
        return nodes.stream()
                .limit(MAX_NAMED)
                .map(node -> TerminalText.cut(node.name()) + " at " + node.startedAt())
                .toList();
    }

    /** The nodes that were not there before, if others took their counts with them. */
    private static List<Node> replacements(Stats before, Stats after) {
        Set<Node> then = nodes(before);
        Set<Node> now = nodes(after);
        PerProtocol<Stats.Tally> shown = after.nodes().stream()
                .map(Stats.NodeShare::totals)
                .reduce((one, other) -> one.merge(other, Stats.Tally::plus))
                .orElse(after.totals());
        // a cluster keeps in its totals what a node counted that it no longer shows
        if (now.containsAll(then) || !shown.equals(after.totals())) {
            return List.of();
        }
        return now.stream().filter(node -> !then.contains(node)).toList();
    }

    private static Set<Node> nodes(Stats stats) {
        return stats.nodes().stream().map(Stats.NodeShare::node).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Reconciliation.Line line(
            Protocol protocol, List<ScenarioResult> results, Stats.Tally before, Stats.Tally after) {
        List<ScenarioResult> ofProtocol = results.stream()
                .filter(result -> result.scenario().mode().protocol() == protocol)
                .toList();
        return new Reconciliation.Line(
                protocol,
                ofProtocol.stream()
                        .mapToLong(result -> result.counts().answered())
                        .sum(),
                ofProtocol.stream().mapToLong(result -> result.counts().lost()).sum(),
                new Stats.Tally(
                        after.answered() - before.answered(),
                        after.refused() - before.refused(),
                        after.failed() - before.failed()));
    }

    private static String why(@Nullable Throwable cause) {
        String said = cause == null ? null : cause.getMessage();
        return said == null ? "the service's counts could not be read" : TerminalText.cut(said);
    }
}
