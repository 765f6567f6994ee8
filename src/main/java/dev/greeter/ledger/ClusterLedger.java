package dev.greeter.ledger;

import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.Node;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
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
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The counts of all nodes, as this one knows them: its own {@link Ledger}, the last tally of each other run, and the
 * retired tallies. It only ever accepts what adds to it, in any order and any number of times, so nothing that a map loses
 * or brings back can lose or double a count; {@code src/docs/cluster.md} has the argument. Used by one thread at a time.
 */
public final class ClusterLedger {
    private final Ledger own;
    private final String run;
    private final OtherRuns others;
    private long version;
    private RetiredTallies retired = RetiredTallies.NONE;
    /** Of all nodes but this one; null until it is asked for after a change. */
    private @Nullable PerProtocol<Histogram> latencyOfOthers;

    public ClusterLedger(Ledger own) {
        this(own, UUID.randomUUID().toString());
    }

    /** @param run unique for ever */
    ClusterLedger(Ledger own, String run) {
        this.own = own;
        this.run = run;
        others = new OtherRuns(own.node());
    }

    /** The key of this node's own entry. */
    String key() {
        return own.node().name() + "/" + run;
    }

    /** Makes this node's tally of now. */
    NodeTally next(Instant at, long nowNanos) {
        return tally(own.share(), at, nowNanos);
    }

    /** Makes this node's last tally. */
    NodeTally last(Instant at, long nowNanos) {
        return tally(gone(own.share()), at, nowNanos);
    }

    private NodeTally tally(Stats.NodeShare share, Instant at, long nowNanos) {
        version++;
        return new NodeTally(
                run,
                version,
                at.truncatedTo(ChronoUnit.MILLIS),
                share,
                own.rates(nowNanos),
                own.latency().map(LatencyHistograms::encode));
    }

    /** Accepts the tallies of the cluster's map, this node's among them. */
    void read(Iterable<NodeTally> tallies, Instant at, long nowNanos) {
        others.reading(nowNanos);
        for (NodeTally tally : tallies) {
            long known = known(tally.key());
            if (tally.version() > known) {
                others.put(tally, known == 0, at, nowNanos);
                latencyOfOthers = null;
            }
        }
    }

    /** Accepts retired tallies of any node. To be called after tallies are read, because retired ones leave their map. */
    void read(RetiredTallies some) {
        RetiredTallies joined = retired.join(some);
        if (!joined.equals(retired)) {
            retired = joined;
            others.removeIf(this::isRetired);
            latencyOfOthers = null;
        }
    }

    /** The highest version of a run's tally that is known, 0 if there is none. */
    long known(String key) {
        if (key.equals(key())) {
            return version;
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
        List<NodeTally> ripe = others.ripe(now);
        Map<String, RetiredTallies.Run> runs = new HashMap<>();
        ripe.forEach(tally -> runs.put(
                tally.key(),
                new RetiredTallies.Run(tally.version(), now, tally.share().totals())));
        RetiredTallies more = ripe.isEmpty() ? retired : retired.plus(runs, latencyWith(ripe));
        Set<String> back = new HashSet<>(others.keys());
        back.removeAll(runs.keySet());
        back.add(key());
        return more.collapse(now, back);
    }

    private PerProtocol<String> latencyWith(List<NodeTally> tallies) {
        return latency(tallies.stream()).map(LatencyHistograms::encode);
    }

    /** Tallies that the map has lost, or has in an older version, and that this node should write. */
    List<NodeTally> lost(Map<String, NodeTally> inMap) {
        return others.lost(inMap);
    }

    /** Whether a tally in the map adds nothing to the retired ones. */
    boolean isRetired(NodeTally tally) {
        return retired.version(tally.key()) >= tally.version();
    }

    /** Whether this node does the work that one node does for all: the first by name of those that live. */
    boolean leads() {
        return others.live().noneMatch(other -> other.tally().key().compareTo(key()) < 0);
    }

    /** Whether the map could not be read for a while. */
    boolean isStale(long nowNanos) {
        return others.isStale(nowNanos);
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
                shares.put(other.tally().key(), gone(share));
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
                latency().map(LatencyHistograms::percentiles),
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

    private PerProtocol<Histogram> latency() {
        PerProtocol<Histogram> known = latencyOfOthers;
        if (known == null) {
            known = latency(others.all().stream().map(OtherRuns.Run::tally));
            latencyOfOthers = known;
        }
        PerProtocol<Histogram> all = known.map(Histogram::copy);
        for (Protocol protocol : Protocol.values()) {
            all.get(protocol).add(own.latency().get(protocol));
        }
        return all;
    }

    /** Of these tallies and the retired ones. */
    private PerProtocol<Histogram> latency(Stream<NodeTally> tallies) {
        PerProtocol<Histogram> sum = PerProtocol.of(protocol -> LatencyHistograms.create());
        Stream.concat(Stream.of(retired.latency()), tallies.map(NodeTally::latency))
                .forEach(encoded -> {
                    for (Protocol protocol : Protocol.values()) {
                        LatencyHistograms.add(sum.get(protocol), encoded.get(protocol));
                    }
                });
        return sum;
    }

    private static Stats.NodeShare gone(Stats.NodeShare share) {
        return new Stats.NodeShare(share.node(), Stats.State.GONE, 0, share.totals());
    }
}
