package dev.greeter.ledger;

import dev.greeter.bus.Node;
import dev.greeter.bus.NodeTally;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The runs of the other nodes, and those of this node's name before it: the last tally that this node has seen of each,
 * and whether the run lives. A node that starts again is another run. Used by one thread at a time.
 */
final class OtherRuns {
    /** A run whose tally does not change for so long is gone. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    /** A tally that is older when a node sees it first belongs to a run that was gone before, unless it changes. */
    private static final Duration OLD = Duration.ofSeconds(30);

    /** What was read longer ago than this may lack something by now. */
    static final Duration STALE = Duration.ofSeconds(3);

    /** How long a run is shown after it is gone. */
    static final Duration SHOWN = Duration.ofMinutes(10);

    /** The most runs that are shown after they are gone. */
    static final int MAX_SHOWN = 50;

    private final Node own;
    private final SortedMap<String, Run> runs = new TreeMap<>();
    private @Nullable Long readNanos;

    /**
     * @param newNanos when this node last received a new tally of it
     * @param counting whether it wrote a tally since this node saw it first, so that both were there at the same time
     */
    record Run(NodeTally tally, long newNanos, boolean counting) {
        Node node() {
            return tally.share().node();
        }

        /** Whether it ended before a node of the same name started, as a node does that is restarted. */
        boolean hasSuccessor(Node later) {
            return tally.isLast()
                    && node().name().equals(later.name())
                    && !later.startedAt().isBefore(tally.at());
        }
    }

    OtherRuns(Node own) {
        this.own = own;
    }

    /** Records that all tallies of the cluster are read now, before any of them is {@link #put}. */
    void reading(long nowNanos) {
        readNanos = nowNanos;
    }

    /** @param isFirst whether nothing was known of the run before */
    void put(NodeTally tally, boolean isFirst, Instant at, long nowNanos) {
        boolean isOld = isFirst && tally.at().isBefore(at.minus(OLD));
        long newNanos = isOld ? nowNanos - SILENCE.toNanos() : nowNanos;
        runs.put(tally.key(), new Run(tally, newNanos, runs.containsKey(tally.key())));
    }

    void removeIf(Predicate<NodeTally> condition) {
        runs.values().removeIf(run -> condition.test(run.tally));
    }

    @Nullable
    NodeTally tally(String key) {
        Run run = runs.get(key);
        return run == null ? null : run.tally;
    }

    Set<String> keys() {
        return Collections.unmodifiableSet(runs.keySet());
    }

    /** By their keys, in order. */
    Collection<Run> all() {
        return Collections.unmodifiableCollection(runs.values());
    }

    /** Whether the tallies could not be read for a while. */
    boolean isStale(long nowNanos) {
        return readNanos == null || nowNanos - readNanos > STALE.toNanos();
    }

    /** As of the time when tallies were last read, so that no run dies of a map that does not answer. */
    boolean isLive(Run run) {
        return !run.tally.isLast() && readNanos != null && readNanos - run.newNanos < SILENCE.toNanos();
    }

    Stream<Run> live() {
        return runs.values().stream().filter(this::isLive);
    }

    private Stream<Run> gone() {
        return runs.values().stream().filter(run -> !isLive(run));
    }

    /** Whether another node, or this one, started under the name of a run after that run's end. */
    boolean hasSuccessor(Run run) {
        return run.hasSuccessor(own)
                || runs.values().stream()
                        .filter(other -> !other.equals(run))
                        .anyMatch(other -> run.hasSuccessor(other.node()));
    }

    /**
     * Whether a run went silent without a last tally, and so counted more, or still does. A later run of its name says
     * nothing about that.
     */
    boolean areSomeSilent() {
        return gone().anyMatch(run -> !run.tally.isLast());
    }

    /** Live runs with this node's name that were seen to count while this one runs, by their keys. */
    Map<String, Node> namesakes() {
        Map<String, Node> namesakes = new TreeMap<>();
        live().filter(run -> run.counting && run.node().name().equals(own.name()))
                .forEach(run -> namesakes.put(run.tally.key(), run.node()));
        return namesakes;
    }

    /** Tallies that the map does not hold, or only in an older version, and that their runs will not write again. */
    List<NodeTally> lost(Map<String, NodeTally> inMap) {
        return gone().map(Run::tally)
                .filter(tally -> {
                    NodeTally there = inMap.get(tally.key());
                    return there == null || there.version() < tally.version();
                })
                .toList();
    }

    /** Tallies of runs that are gone and need not be shown any more. */
    List<NodeTally> ripe(Instant now) {
        List<Run> gone = gone()
                // those that make stats partial stay longest
                .sorted(Comparator.comparing((Run run) -> run.tally.isLast())
                        .thenComparing(run -> run.tally.at(), Comparator.reverseOrder()))
                .toList();
        List<NodeTally> ripe = new ArrayList<>();
        for (int i = 0; i < gone.size(); i++) {
            Run run = gone.get(i);
            if (i >= MAX_SHOWN || hasSuccessor(run) || run.tally.at().isBefore(now.minus(SHOWN))) {
                ripe.add(run.tally);
            }
        }
        return ripe;
    }
}
