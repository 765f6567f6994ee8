package dev.greeter.ledger;

import dev.greeter.bus.Node;
import dev.greeter.bus.NodeTally;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
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
 * and whether the run lives. The node that merges judges that by what each run writes, and the others take it from there. A
 * node that starts again is another run. Used by one thread at a time.
 */
final class OtherRuns {
    /** A run that writes nothing for so long is gone. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    /** A tally that is older when a node sees it first belongs to a run that was gone before, unless it changes. */
    private static final Duration OLD = Duration.ofSeconds(30);

    /** A longer time without reading tallies says nothing about their runs. */
    private static final Duration PAUSE = Duration.ofSeconds(3);

    /** How long a run is shown after it is gone. */
    static final Duration SHOWN = Duration.ofMinutes(10);

    /** The most runs that are shown after they are gone. */
    static final int MAX_SHOWN = 50;

    private final Node own;
    private final SortedMap<String, Run> runs = new TreeMap<>();
    private @Nullable Long judgedNanos;
    /** The versions of the tallies that another node merged last, by keys. */
    private Map<String, Long> followed = Map.of();
    /** Since when it lacks some that are known here. */
    private @Nullable Long behindNanos;

    /**
     * @param newNanos when it was last known to live
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

        private Run aliveAt(long nanos) {
            return new Run(tally, nanos, counting);
        }
    }

    OtherRuns(Node own) {
        this.own = own;
    }

    /**
     * Records that this node reads all tallies now, before any of them is {@link #put}. If it did not for a while, because
     * another node merged or the map did not answer, those that lived then are taken to live now.
     *
     * @param merger the key of the run that merged before, null for none
     * @param mergerNanos when that run was last known to live
     */
    void reading(long nowNanos, @Nullable String merger, long mergerNanos) {
        if (judgedNanos != null && nowNanos - judgedNanos > PAUSE.toNanos()) {
            long pause = nowNanos - judgedNanos;
            runs.replaceAll((key, run) -> {
                if (!isLive(run)) {
                    return run;
                }
                return run.aliveAt(key.equals(merger) ? mergerNanos : run.newNanos + pause);
            });
        }
        judgedNanos = nowNanos;
    }

    /** @param isFirst whether nothing was known of the run before */
    void put(NodeTally tally, boolean isFirst, Instant at, long nowNanos) {
        boolean isOld = isFirst && tally.at().isBefore(at.minus(OLD));
        long newNanos = isOld ? nowNanos - SILENCE.toNanos() : nowNanos;
        runs.put(tally.key(), new Run(tally, newNanos, runs.containsKey(tally.key())));
    }

    /**
     * Accepts what the node that merges knows of all runs and what it thinks of them, unless more is known here.
     *
     * @param some the runs to accept, among the others
     */
    void follow(MergedTallies all, Predicate<NodeTally> some, long nowNanos) {
        judgedNanos = nowNanos;
        Map<String, Long> versions = new HashMap<>();
        for (MergedTallies.Row row : all.rows()) {
            versions.put(row.tally().key(), row.tally().version());
            if (some.test(row.tally())) {
                judge(row, nowNanos);
            }
        }
        followed = versions;
    }

    private void judge(MergedTallies.Row row, long nowNanos) {
        NodeTally tally = row.tally();
        Run known = runs.get(tally.key());
        if (known != null && known.tally.version() > tally.version()) {
            return;
        }
        long newNanos = row.live() ? nowNanos : nowNanos - SILENCE.toNanos();
        if (known == null || tally.isAfter(known.tally)) {
            runs.put(tally.key(), new Run(tally, newNanos, known != null));
        } else {
            runs.put(tally.key(), known.aliveAt(newNanos));
        }
    }

    /**
     * Tallies that the node that merges does not know, or only in an older version. They are no tallies that it is about
     * to read, because they are behind for some seconds.
     */
    List<NodeTally> unmerged(long nowNanos) {
        List<NodeTally> behind = runs.values().stream()
                .map(Run::tally)
                .filter(tally -> tally.version() > followed.getOrDefault(tally.key(), 0L))
                .toList();
        if (behind.isEmpty()) {
            behindNanos = null;
        } else if (behindNanos == null) {
            behindNanos = nowNanos;
        } else if (nowNanos - behindNanos >= SILENCE.toNanos()) {
            behindNanos = null;
            return behind;
        }
        return List.of();
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

    /** As of the time when runs were last judged, so that no run dies of a map that does not answer. */
    boolean isLive(Run run) {
        return !run.tally.isLast() && judgedNanos != null && judgedNanos - run.newNanos < SILENCE.toNanos();
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
            if (i >= MAX_SHOWN || hasSuccessor(run) || isOver(run, now)) {
                ripe.add(run.tally);
            }
        }
        return ripe;
    }

    /** By either clock: the wall clock also knows of the time before this node judged, but may be set back. */
    private boolean isOver(Run run, Instant now) {
        return run.tally.at().isBefore(now.minus(SHOWN))
                || (judgedNanos != null
                        && judgedNanos - run.newNanos > SILENCE.plus(SHOWN).toNanos());
    }
}
