package dev.greeter.ledger;

import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.Node;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.RetiredTallies;
import dev.greeter.bus.Stats;
import java.time.Duration;
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
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What all nodes counted, as this one knows it: its own {@link Ledger}, the last tally seen of each other run, and those
 * retired. It only ever takes in what adds to it, in any order and any number of times, so that whatever a map loses or
 * brings back can neither lose nor double a count; {@code src/docs/cluster.md} has the argument. Used by one thread at a
 * time.
 */
public final class ClusterLedger {
    /** A run whose tally did not change for so long is taken for gone. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    /** A tally that old, when a node sees it first, is of a run that was gone before, unless it changes. */
    private static final Duration OLD = Duration.ofSeconds(30);

    /** What was read longer ago than this is no longer all that there is to know. */
    static final Duration STALE = Duration.ofSeconds(3);

    /** How long a run is shown after it is gone. */
    static final Duration SHOWN = Duration.ofMinutes(10);

    /** More runs than so many that are gone are folded before their time. */
    static final int MAX_SHOWN = 50;

    private final Ledger own;
    private final String run;
    private long version;
    private final SortedMap<String, Other> others = new TreeMap<>();
    private RetiredTallies retired = RetiredTallies.NONE;
    private @Nullable Long readNanos;
    /** Of all but this node; null until somebody asks for it after it changed. */
    private @Nullable PerProtocol<Histogram> latencyOfOthers;

    /**
     * @param newNanos when this node last learnt something new of it
     * @param counting whether it wrote a tally since this node saw it first, so both were there at the same time
     */
    private record Other(NodeTally tally, long newNanos, boolean counting) {
        String name() {
            return tally.share().node().name();
        }

        Instant startedAt() {
            return tally.share().node().startedAt();
        }
    }

    public ClusterLedger(Ledger own) {
        this(own, UUID.randomUUID().toString());
    }

    /** With a run that is to be unique. */
    ClusterLedger(Ledger own, String run) {
        this.own = own;
        this.run = run;
    }

    /** The key of this node's own entry. */
    String key() {
        return own.node() + "/" + run;
    }

    /** What this node has to say now. */
    NodeTally next(Instant at, long nowNanos) {
        return tally(own.share(), at, nowNanos);
    }

    /** What it has to say at its end. */
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

    /** Takes in what the map of tallies holds. */
    void read(Iterable<NodeTally> tallies, Instant at, long nowNanos) {
        readNanos = nowNanos;
        for (NodeTally tally : tallies) {
            String key = tally.key();
            if (tally.version() > known(key)) {
                boolean isOld = known(key) == 0 && tally.at().isBefore(at.minus(OLD));
                long newNanos = isOld ? nowNanos - SILENCE.toNanos() : nowNanos;
                others.put(key, new Other(tally, newNanos, others.containsKey(key)));
                latencyOfOthers = null;
            }
        }
    }

    /** Takes in what was retired, by whatever node. Tallies are to be read before it, as they go once they are retired. */
    void read(RetiredTallies some) {
        RetiredTallies joined = retired.join(some);
        if (!joined.equals(retired)) {
            retired = joined;
            others.entrySet().removeIf(other -> isRetired(other.getValue().tally));
            latencyOfOthers = null;
        }
    }

    /** The highest version of a run's tally that is known, 0 if there is none. */
    long known(String key) {
        if (key.equals(key())) {
            return version;
        }
        Other other = others.get(key);
        return other == null ? retired.version(key) : other.tally.version();
    }

    RetiredTallies retired() {
        return retired;
    }

    /** Folds what is gone for long enough; what is folded is equal to before if there is nothing. */
    RetiredTallies retire(Instant at) {
        Instant now = at.truncatedTo(ChronoUnit.MILLIS);
        List<NodeTally> ripe = ripe(now);
        Map<String, RetiredTallies.Run> runs = new HashMap<>();
        ripe.forEach(tally -> runs.put(
                tally.key(),
                new RetiredTallies.Run(tally.version(), now, tally.share().totals())));
        RetiredTallies more = ripe.isEmpty() ? retired : retired.plus(runs, latencyWith(ripe));
        Set<String> back = new HashSet<>(others.keySet());
        back.removeAll(runs.keySet());
        back.add(key());
        return more.collapse(now, back);
    }

    private List<NodeTally> ripe(Instant now) {
        List<Other> gone = others.values().stream()
                .filter(other -> !isLive(other))
                // those that make stats partial stay longest
                .sorted(Comparator.comparing((Other other) -> other.tally.isLast())
                        .thenComparing(other -> other.tally.at(), Comparator.reverseOrder()))
                .toList();
        List<NodeTally> ripe = new ArrayList<>();
        for (int i = 0; i < gone.size(); i++) {
            Other other = gone.get(i);
            if (i >= MAX_SHOWN || hasSuccessor(other) || other.tally.at().isBefore(now.minus(SHOWN))) {
                ripe.add(other.tally);
            }
        }
        return ripe;
    }

    private PerProtocol<String> latencyWith(List<NodeTally> tallies) {
        PerProtocol<Histogram> sum = PerProtocol.of(protocol -> LatencyHistograms.create());
        add(sum, retired.latency());
        tallies.forEach(tally -> add(sum, tally.latency()));
        return sum.map(LatencyHistograms::encode);
    }

    /** Tallies that the map does not hold, or not as new, and that nobody else will write. */
    List<NodeTally> lost(Map<String, NodeTally> inMap) {
        return others.values().stream()
                .filter(other -> !isLive(other))
                .map(Other::tally)
                .filter(tally -> {
                    NodeTally there = inMap.get(tally.key());
                    return there == null || there.version() < tally.version();
                })
                .toList();
    }

    /** Whether a tally in the map adds nothing to what was retired. */
    boolean isRetired(NodeTally tally) {
        return retired.version(tally.key()) >= tally.version();
    }

    /** Whether it is this node that does what one node does for all: the first by name of those that live. */
    boolean leads() {
        return others.entrySet().stream()
                .noneMatch(other -> isLive(other.getValue()) && other.getKey().compareTo(key()) < 0);
    }

    /** Whether the map could not be read for a while. */
    boolean isStale(long nowNanos) {
        return readNanos == null || nowNanos - readNanos > STALE.toNanos();
    }

    /** Names of the nodes that live, as this one last saw it. */
    List<String> live() {
        List<String> names = new ArrayList<>(List.of(own.node()));
        others.values().stream().filter(this::isLive).map(Other::name).forEach(names::add);
        return names.stream().sorted().toList();
    }

    /** Runs that go by this node's name while it runs itself, by their key. */
    Map<String, Node> namesakes() {
        Map<String, Node> namesakes = new TreeMap<>();
        others.forEach((key, other) -> {
            if (other.counting && isLive(other) && other.name().equals(own.node())) {
                namesakes.put(key, other.tally.share().node());
            }
        });
        return namesakes;
    }

    /** What all nodes counted. */
    Stats stats(Instant at, long nowNanos) {
        PerProtocol<Stats.Tally> totals = own.totals().merge(retired.base(), Stats.Tally::plus);
        PerProtocol<Stats.Rate> rates = own.rates(nowNanos);
        for (Map.Entry<String, RetiredTallies.Run> run : retired.runs().entrySet()) {
            // a run that was stopped, not ended, has all of it in a newer tally of its own
            if (!others.containsKey(run.getKey()) && !run.getKey().equals(key())) {
                totals = totals.merge(run.getValue().totals(), Stats.Tally::plus);
            }
        }
        // by key, so that every node lists runs in one order, even of one name and one start
        SortedMap<String, Stats.NodeShare> shares = new TreeMap<>(Map.of(key(), own.share()));
        for (Map.Entry<String, Other> entry : others.entrySet()) {
            Other other = entry.getValue();
            Stats.NodeShare share = other.tally.share();
            totals = totals.merge(share.totals(), Stats.Tally::plus);
            if (isLive(other)) {
                rates = rates.merge(other.tally.rates(), Stats.Rate::plus);
                shares.put(entry.getKey(), share);
            } else if (!hasSuccessor(other)) {
                shares.put(entry.getKey(), gone(share));
            }
        }
        List<Stats.NodeShare> nodes = new ArrayList<>(shares.values());
        nodes.sort(Comparator.comparing((Stats.NodeShare share) -> share.node().name())
                .thenComparing(share -> share.node().startedAt()));
        return new Stats(
                Stats.Scope.CLUSTER,
                own.node(),
                at,
                totals,
                rates,
                latency().map(LatencyHistograms::percentiles),
                List.copyOf(nodes),
                isPartial(nowNanos));
    }

    /** What this node counted, and what it knows of the others. */
    LedgerSnapshot snapshot(long nowNanos) {
        return own.snapshot().in(new LedgerSnapshot.Cluster(live().size(), isPartial(nowNanos)));
    }

    /**
     * Whether there may be more than this node knows: a run that went silent without a last word counted more, or still
     * does. A run that starts under its name says nothing about that.
     */
    private boolean isPartial(long nowNanos) {
        return isStale(nowNanos) || others.values().stream().anyMatch(other -> !isLive(other) && !other.tally.isLast());
    }

    private PerProtocol<Histogram> latency() {
        PerProtocol<Histogram> known = latencyOfOthers;
        if (known == null) {
            known = PerProtocol.of(protocol -> LatencyHistograms.create());
            add(known, retired.latency());
            for (Other other : others.values()) {
                add(known, other.tally.latency());
            }
            latencyOfOthers = known;
        }
        PerProtocol<Histogram> all = known.map(Histogram::copy);
        for (Protocol protocol : Protocol.values()) {
            all.get(protocol).add(own.latency().get(protocol));
        }
        return all;
    }

    private static void add(PerProtocol<Histogram> sum, PerProtocol<String> encoded) {
        for (Protocol protocol : Protocol.values()) {
            LatencyHistograms.add(sum.get(protocol), encoded.get(protocol));
        }
    }

    /** As it was when the map was last read, so that nobody dies of a map that does not answer. */
    private boolean isLive(Other other) {
        return !other.tally.isLast() && readNanos != null && readNanos - other.newNanos < SILENCE.toNanos();
    }

    /** Whether a run said its last word before another one of its name started, as a node that is restarted does. */
    private boolean hasSuccessor(Other other) {
        return other.tally.isLast()
                && (isAfter(other, own.node(), own.startedAt())
                        || others.values().stream()
                                .filter(later -> !later.equals(other))
                                .anyMatch(later -> isAfter(other, later.name(), later.startedAt())));
    }

    private static boolean isAfter(Other ended, String name, Instant startedAt) {
        return name.equals(ended.name()) && !startedAt.isBefore(ended.tally.at());
    }

    private static Stats.NodeShare gone(Stats.NodeShare share) {
        return new Stats.NodeShare(share.node(), Stats.State.GONE, 0, share.totals());
    }
}
