package dev.greeter.ledger;

import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.Node;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.RetiredTallies;
import dev.greeter.bus.Stats;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The counts of all nodes, as this one knows them: its own {@link Ledger}, the last tally of each other run, and the
 * retired tallies. It only ever accepts what adds to it, in any order and any number of times, so nothing that a map loses
 * or brings back can lose or double a count; {@code src/docs/cluster.md} has the argument. Used by one thread at a time.
 */
public final class ClusterLedger {
    private final Ledger own;
    private final OwnTally tally;
    private final OtherRuns others;
    private final Leadership leadership;
    private final OtherLatencies latencies = new OtherLatencies();
    private RetiredTallies retired = RetiredTallies.NONE;

    /** What this node merged last, by keys. */
    private Map<String, MergedTallies.Row> merged = Map.of();
    /** What another node computed from the histograms of all. */
    private @Nullable PerProtocol<Stats.Latency> followedLatency;

    public ClusterLedger(Ledger own) {
        this(own, UUID.randomUUID().toString());
    }

    /** @param run unique for ever */
    ClusterLedger(Ledger own, String run) {
        this.own = own;
        tally = new OwnTally(own, run);
        others = new OtherRuns(own.node());
        leadership = new Leadership(tally.key());
    }

    /** The key of this node's own entries. */
    String key() {
        return tally.key();
    }

    OwnTally own() {
        return tally;
    }

    /** Makes this node's tally of now; null if there is nothing to write. */
    @Nullable
    NodeTally next(Instant at, long nowNanos) {
        return tally.next(at, nowNanos, retired.version(key()) >= Math.max(1, tally.version()));
    }

    /** Accepts the tallies of the cluster's map, this node's among them: this node merges. */
    void read(Iterable<NodeTally> tallies, Instant at, long nowNanos) {
        leadership.read(nowNanos);
        others.reading(nowNanos, leads() ? null : leadership.merger(), leadership.beatNanos());
        for (NodeTally some : tallies) {
            NodeTally known = others.tally(some.key());
            boolean isNew = known == null || some.isAfter(known);
            if (isNew && !some.key().equals(key()) && !isRetired(some)) {
                others.put(some, known == null && retired.version(some.key()) == 0, at, nowNanos);
            }
        }
    }

    /** Accepts the beat that the map holds, of another node or of this one; null for none. */
    void heard(@Nullable Beat beat, long nowNanos) {
        leadership.heard(beat, nowNanos);
    }

    /** Accepts the tallies that another node has merged. */
    void follow(MergedTallies all, long nowNanos) {
        others.follow(all, some -> !some.key().equals(key()) && !isRetired(some), nowNanos);
        followedLatency = all.latency();
        if (all.rows().stream()
                .anyMatch(row -> row.lacksLatency() && row.tally().key().equals(key()))) {
            tally.wantLatency();
        }
    }

    /** Accepts retired tallies of any node. To be called after tallies are read, because retired ones leave their map. */
    void read(RetiredTallies some) {
        RetiredTallies joined = retired.join(some);
        if (!joined.equals(retired)) {
            retired = joined;
            others.removeIf(this::isRetired);
        }
    }

    /** Whether it is this node that merges the tallies of all. */
    boolean merges(long nowNanos) {
        return leadership.isDue(
                others.live()
                        .filter(other -> other.tally().key().compareTo(key()) < 0)
                        .count(),
                nowNanos);
    }

    /** Records that this node merges, or does not. */
    void lead(boolean now) {
        if (!now) {
            latencies.clear();
            merged = Map.of();
        }
        leadership.lead(now);
    }

    /** Whether this node does the work that one node does for all. */
    boolean leads() {
        return leadership.leads();
    }

    /** The histograms of the other runs, of use only to the node that merges. */
    OtherLatencies latencies() {
        latencies.retired(retired.latency());
        latencies.retain(others.keys());
        return latencies;
    }

    /** Keys of runs whose histograms this node has not read, or not the last ones. */
    List<String> unread(boolean ofLiveOnly) {
        Stream<OtherRuns.Run> runs = ofLiveOnly ? others.live() : others.all().stream();
        return runs.map(OtherRuns.Run::tally)
                .filter(this::lacksLatency)
                .map(NodeTally::key)
                .toList();
    }

    private boolean lacksLatency(NodeTally some) {
        return some.latencyVersion() > latencies.version(some.key());
    }

    /** All that this node knows, for the others. A row does not change for a sign of life. */
    MergedTallies merged() {
        SortedMap<String, MergedTallies.Row> rows = new TreeMap<>();
        for (OtherRuns.Run other : others.all()) {
            NodeTally some = other.tally();
            rows.put(some.key(), row(some, others.isLive(other), lacksLatency(some)));
        }
        NodeTally made = tally.made();
        if (made != null) {
            rows.put(key(), row(made, !made.isLast(), false));
        }
        merged = rows;
        return new MergedTallies(List.copyOf(rows.values()), latencies().percentiles(own.latency()));
    }

    private MergedTallies.Row row(NodeTally some, boolean live, boolean lacksLatency) {
        MergedTallies.Row row = new MergedTallies.Row(some, live, lacksLatency);
        MergedTallies.Row before = merged.get(some.key());
        if (before != null
                && before.tally().version() == some.version()
                && before.live() == live
                && before.lacksLatency() == lacksLatency) {
            return before;
        }
        return row;
    }

    /** Tallies that another node merges without, and that this node should write. */
    List<NodeTally> unmerged(long nowNanos) {
        return others.unmerged(nowNanos);
    }

    /** The highest version of a run's tally that is known, 0 if there is none. */
    long known(String key) {
        if (key.equals(key())) {
            return tally.version();
        }
        NodeTally other = others.tally(key);
        return other == null ? retired.version(key) : other.version();
    }

    RetiredTallies retired() {
        return retired;
    }

    /** The retired tallies together with those that are ripe by now; equal to {@link #retired()} if there are none. */
    RetiredTallies retire(Instant at) {
        Instant now = at.truncatedTo(ChronoUnit.MILLIS);
        // dated before it, runs would not be kept: its clock may have been days ahead
        Instant retiredAt = now.isBefore(retired.since()) ? retired.since() : now;
        List<NodeTally> ripe = others.ripe(now);
        Map<String, RetiredTallies.Run> runs = new HashMap<>();
        ripe.forEach(tally -> runs.put(
                tally.key(),
                new RetiredTallies.Run(tally.version(), retiredAt, tally.share().totals())));
        RetiredTallies more = ripe.isEmpty()
                ? retired
                : retired.plus(runs, latencies().sum(runs.keySet()).map(LatencyHistograms::encode));
        Set<String> back = new HashSet<>(others.keys());
        back.removeAll(runs.keySet());
        back.add(key());
        return more.collapse(now, back);
    }

    /** Tallies that the map has lost, or has in an older version, and that this node should write. */
    List<NodeTally> lost(Map<String, NodeTally> inMap) {
        return others.lost(inMap);
    }

    /** Whether a tally in the map adds nothing to the retired ones. */
    boolean isRetired(NodeTally tally) {
        return retired.version(tally.key()) >= tally.version();
    }

    /** Whether what this node knows of the others is older than it should be. */
    boolean isStale(long nowNanos) {
        return leadership.isStale(nowNanos);
    }

    /** Names of the nodes that live, as this one last saw them, in order. */
    List<String> live() {
        Stream<String> names = others.live().map(other -> other.node().name());
        return Stream.concat(names, Stream.of(own.node().name())).sorted().toList();
    }

    /** Other runs under this node's name that count while it runs itself, by their keys. */
    Map<String, Node> namesakes() {
        return others.namesakes();
    }

    /** The counts of all nodes. */
    Stats stats(Instant at, long nowNanos) {
        PerProtocol<Stats.Tally> totals = own.totals().merge(retired.base(), Stats.Tally::plus);
        PerProtocol<Stats.Rate> rates = own.rates(nowNanos);
        for (Map.Entry<String, RetiredTallies.Run> other : retired.runs().entrySet()) {
            // a run that was suspended and goes on has all of it in a newer tally
            if (others.tally(other.getKey()) == null && !other.getKey().equals(key())) {
                totals = totals.merge(other.getValue().totals(), Stats.Tally::plus);
            }
        }
        // by key, so that every node lists runs in one order, even of one name and one start
        SortedMap<String, Stats.NodeShare> shares = new TreeMap<>(Map.of(key(), own.share()));
        for (OtherRuns.Run other : others.all()) {
            Stats.NodeShare share = other.tally().share();
            totals = totals.merge(share.totals(), Stats.Tally::plus);
            if (others.isLive(other)) {
                rates = rates.merge(other.tally().rates(), Stats.Rate::plus);
                shares.put(other.tally().key(), share);
            } else if (!others.hasSuccessor(other)) {
                shares.put(other.tally().key(), OwnTally.gone(share));
            }
        }
        List<Stats.NodeShare> nodes = new ArrayList<>(shares.values());
        nodes.sort(Comparator.comparing((Stats.NodeShare share) -> share.node().name())
                .thenComparing(share -> share.node().startedAt()));
        return new Stats(
                Stats.Scope.CLUSTER,
                own.node().name(),
                at,
                totals,
                rates,
                percentiles(),
                List.copyOf(nodes),
                isPartial(nowNanos));
    }

    /** This node's counts, and what it knows of the cluster. */
    LedgerSnapshot snapshot(long nowNanos) {
        return own.snapshot().in(new LedgerSnapshot.Cluster(live().size(), isPartial(nowNanos)));
    }

    /** Whether the cluster may have counted more than this node knows. */
    private boolean isPartial(long nowNanos) {
        return isStale(nowNanos) || others.areSomeSilent();
    }

    /** The node that merges knows the histograms; the others know what it has computed from them. */
    private PerProtocol<Stats.Latency> percentiles() {
        return leads() || followedLatency == null ? latencies().percentiles(own.latency()) : followedLatency;
    }
}
