package dev.greeter.ledger;

import dev.greeter.bus.Stats;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A cluster to which everything happens, step by step and in an order that chance decides: nodes count, start, two of one
 * name among them, are killed between any two steps, leave, stand still; it splits, heals with whichever of two entries,
 * loses entries, and has old merged tallies again. The one thing that it does not do is lose what nobody that lives knows
 * any more.
 */
final class Troubles {
    private static final int MAX_NODES = 4;
    private static final int NAMES = 3;

    /** Some rounds, in which a fold gets around. */
    private static final Duration SOON = Duration.ofSeconds(30);

    /** More than it takes until the next node merges, misses what others know, and has it from them. */
    private static final int ROUNDS = 20;

    private final Random random;
    private final LivingNodes nodes = new LivingNodes();
    /** When those that were killed wrote what is known of them, if it was not their last word. */
    private final List<Instant> unfinished = new ArrayList<>();

    private List<Side> sides = new ArrayList<>(List.of(new Side()));
    private Instant now = Instant.parse("2026-11-23T06:00:00Z");
    private long nanos;
    private long counted;
    private long ended;
    private long mergersEnded;
    private long twoMerged;
    /** Merged tallies of some time of the last day, for a while in which no run has ended since. */
    private Map<String, byte[]> oldMerged = Map.of();

    Troubles(long seed) {
        random = new Random(seed);
        start();
    }

    void happen() {
        SteppedNode node = any(nodes.now());
        switch (random.nextInt(100)) {
            case 0 -> kill(node);
            case 1 -> node.leave();
            case 2, 3 -> start();
            case 4 -> split();
            case 5, 6 -> heal();
            case 7 -> lose();
            case 8 -> pass(Duration.ofMinutes(15));
            case 9 -> rest();
            case 30 -> oldMerged = any(sides).copy().merged;
            case 31 -> any(sides).merged.putAll(oldMerged);
            case 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 -> pass(Duration.ofSeconds(1));
            case 20, 21, 22, 23, 24, 25, 26, 27, 28, 29 -> count(node);
            default -> step(node);
        }
    }

    private void start() {
        if (nodes.now().size() < MAX_NODES) {
            String name = "greeter-" + random.nextInt(NAMES);
            Side side = any(sides);
            nodes.add(new SteppedNode(name, Long.toHexString(random.nextLong()), side, () -> now, () -> nanos));
        }
    }

    private void count(SteppedNode node) {
        if (!node.isLeaving()) {
            node.count();
            counted++;
        }
    }

    private void step(SteppedNode node) {
        if (node.hasLeft()) {
            end(node);
        } else {
            node.step();
        }
        if (node.cluster.leads() && nodes.othersOnTheSideOf(node).anyMatch(other -> other.cluster.leads())) {
            twoMerged++;
        }
    }

    /** Unless it is the only one that knows something, its own last word among it. */
    private void end(SteppedNode node) {
        if (nodes.canSpare(node) && nodes.isKnownWithout(node, node.key())) {
            nodes.remove(node);
            ended++;
        } else {
            node.stay();
        }
    }

    /** What it wrote last counts; nobody knows of what it counted since. */
    private void kill(SteppedNode node) {
        long known = nodes.knownToOthers(node);
        // nobody can say whether a node will read it before it is written over
        if (!nodes.canSpare(node)
                || Stream.concat(sides.stream().map(side -> side.merged), Stream.of(oldMerged))
                        .anyMatch(entries -> Side.merged(entries, node.key()) > known)) {
            return;
        }
        nodes.remove(node);
        counted -= node.countedSince(known);
        if (known > 0 && !node.said(known).isLast()) {
            unfinished.add(node.said(known).at());
        }
        ended++;
        if (node.cluster.leads()) {
            mergersEnded++;
        }
    }

    private void pass(Duration duration) {
        now = now.plus(duration);
        nanos += duration.toNanos();
    }

    private void split() {
        List<SteppedNode> all = nodes.now();
        if (sides.size() == 1 && all.size() > 1) {
            Side other = sides.get(0).copy();
            sides.add(other);
            all.stream().skip(1 + random.nextInt(all.size() - 1)).forEach(node -> node.side = other);
        }
    }

    /** Each entry is that of one side or of the other. */
    private void heal() {
        if (sides.size() == 1) {
            return;
        }
        Side merged = sides.get(random.nextInt(2)).copy();
        Side other = sides.get(0).retired.equals(merged.retired) ? sides.get(1) : sides.get(0);
        putSome(other.tallies, merged.tallies);
        putSome(other.latencies, merged.latencies);
        putSome(other.merged, merged.merged);
        List<Side> before = sides;
        List<SteppedNode> all = nodes.now();
        List<Side> of = all.stream().map(node -> node.side).toList();
        sides = new ArrayList<>(List.of(merged));
        all.forEach(node -> node.side = merged);
        if (!before.stream().allMatch(side -> nodes.knowAll(side, merged))) {
            sides = before;
            for (int i = 0; i < of.size(); i++) {
                all.get(i).side = of.get(i);
            }
        }
    }

    private <V> void putSome(Map<String, V> from, Map<String, V> to) {
        from.forEach((key, value) -> {
            if (!to.containsKey(key) || random.nextBoolean()) {
                to.put(key, value);
            }
        });
    }

    private void lose() {
        Side side = any(sides);
        Side before = side.copy();
        switch (random.nextInt(4)) {
            case 0 -> side.retired.clear();
            case 1 -> side.tallies.keySet().removeIf(key -> random.nextBoolean());
            case 2 -> side.latencies.keySet().removeIf(key -> random.nextBoolean());
            default -> side.merged.keySet().removeIf(key -> random.nextBoolean());
        }
        if (!nodes.knowAll(before, side)) {
            side.putAll(before);
        }
    }

    /** A quiet day, after which nobody tells the runs before it apart any more. */
    private void rest() {
        if (sides.size() == 1) {
            oldMerged = Map.of();
            settle();
            pass(Duration.ofHours(26));
            settle();
        }
    }

    /** All is well for long enough that all nodes know all. */
    void settle() {
        while (sides.size() > 1) {
            nodes.now().forEach(this::step);
            heal();
        }
        for (int rounds = 0; rounds < ROUNDS; rounds++) {
            pass(Duration.ofSeconds(1));
            for (SteppedNode node : nodes.now()) {
                finish(node);
                step(node);
                finish(node);
            }
        }
    }

    private void finish(SteppedNode node) {
        while (node.isBusy()) {
            step(node);
        }
    }

    /** What all runs counted, but for what they had not yet written when they were killed. */
    long counted() {
        return counted;
    }

    long ended() {
        return ended;
    }

    /** Of those that merged when they were killed. */
    long mergersEnded() {
        return mergersEnded;
    }

    /** Steps of a node that merged while another one did, on its side of the cluster. */
    long twoMerged() {
        return twoMerged;
    }

    /** What each node says that all counted. */
    List<Long> told() {
        return stats().stream()
                .map(stats -> stats.totals().greeting().answered())
                .toList();
    }

    /** Whether stats have to be partial once all is well, nothing at the moment at which that ends. */
    Optional<Boolean> partial() {
        Instant shown = now.minus(OtherRuns.SHOWN);
        if (unfinished.stream().anyMatch(at -> at.isAfter(shown.plus(SOON)))) {
            return Optional.of(true);
        }
        return unfinished.stream().anyMatch(at -> at.isAfter(shown.minus(SOON)))
                ? Optional.empty()
                : Optional.of(false);
    }

    List<Stats> stats() {
        return nodes.now().stream().map(node -> node.cluster.stats(now, nanos)).toList();
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
