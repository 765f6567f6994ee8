package dev.greeter.ledger;

import static dev.greeter.ledger.Exchanges.batch;
import static dev.greeter.ledger.Exchanges.greeting;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.Node;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Stats;
import dev.greeter.bus.Stats.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Runs of nodes that tell each other their tallies, by a clock that the test sets. */
abstract class ClusterRuns {
    static final Instant START = Instant.parse("2026-11-23T06:00:00Z");

    final Run b = new Run("b", 0);
    long seconds;

    /** How far the wall clock is ahead. */
    Duration ahead = Duration.ZERO;

    /** A run of a node, which knows what it is told. */
    final class Run {
        final Ledger ledger;
        final ClusterLedger cluster;
        private long batches;

        Run(String name, long startedAtSecond) {
            ledger = new Ledger(new Node(name, "host", "1", START.plusSeconds(startedAtSecond)), 0);
            cluster = new ClusterLedger(ledger);
        }

        void count(long micros, int times) {
            batches++;
            Exchange[] exchanges = IntStream.range(0, times)
                    .mapToObj(i -> greeting(Outcome.ANSWERED, micros))
                    .toArray(Exchange[]::new);
            ledger.count(batch("source", batches, exchanges), nanos());
        }

        NodeTally says() {
            NodeTally tally = cluster.next(now(), nanos());
            cluster.own().written(nanos());
            return Objects.requireNonNullElseGet(
                    tally, () -> Objects.requireNonNull(cluster.own().made()));
        }

        NodeTally saysLast() {
            return cluster.own().last(now(), nanos());
        }

        void hears(NodeTally... tallies) {
            cluster.read(List.of(tallies), now(), nanos());
        }

        /** Each second, and nothing else. */
        void hearsUntil(long second, NodeTally... tallies) {
            while (seconds < second) {
                seconds++;
                hears(tallies);
            }
        }

        Stats stats() {
            return cluster.stats(now(), nanos());
        }
    }

    Instant now() {
        return START.plusSeconds(seconds).plus(ahead);
    }

    long nanos() {
        return Duration.ofSeconds(seconds).toNanos();
    }

    Beat beat(Run merger) {
        return new Beat(merger.cluster.key(), seconds, 0, 1, 0);
    }

    static State first(Stats stats) {
        return stats.nodes().get(0).state();
    }
}
