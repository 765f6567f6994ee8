package dev.greeter.ledger;

import static dev.greeter.ledger.Exchanges.batch;
import static dev.greeter.ledger.Exchanges.greeting;

import dev.greeter.bus.Node;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.RetiredTallies;
import dev.greeter.bus.Stats;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
    private final List<Member> members = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
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

    private final class Member {
        private final Ledger ledger;
        private final ClusterLedger cluster;
        private final TallyRound round;
        private final Deque<Runnable> pending = new ArrayDeque<>();
        private Side side;
        private Future<Void> current = Future.succeededFuture();
        private final Map<Long, Long> said = new HashMap<>();
        private final Map<Long, Instant> saidAt = new HashMap<>();
        private final Set<Long> lastWords = new HashSet<>();
        private long batches;
        private boolean leaving;

        Member(String name, Side side) {
            this.side = side;
            ledger = new Ledger(new Node(name, "host", "1", now), 0);
            cluster = new ClusterLedger(ledger, Long.toHexString(random.nextLong()));
            round = new TallyRound(
                    cluster,
                    new SharedMaps(
                            new SharedMap<>(() -> this.side.tallies, pending::add),
                            new SharedMap<>(() -> this.side.latencies, pending::add),
                            new SharedMap<>(() -> this.side.retired, pending::add),
                            new SharedMap<>(() -> this.side.merged, pending::add)),
                    () -> now,
                    () -> nanos);
            keys.add(cluster.key());
        }

        void count() {
            if (!leaving) {
                batches++;
                ledger.count(batch("a", batches, greeting(Outcome.ANSWERED, batches)), nanos);
                counted++;
            }
        }

        void step() {
            Runnable next = pending.poll();
            if (next != null) {
                next.run();
            } else if (!current.isComplete()) {
                throw new AssertionError("hangs");
            } else if (leaving) {
                end();
            } else {
                current = round.run();
            }
            said();
            long merging = others().filter(member -> member.cluster.leads()).count();
            if (cluster.leads() && merging > 0) {
                twoMerged++;
            }
        }

        void finish() {
            while (!current.isComplete()) {
                step();
            }
        }

        void leave() {
            if (!leaving && current.isComplete()) {
                leaving = true;
                current = round.last().compose(written -> round.handOver());
                said();
            }
        }

        private void said() {
            NodeTally made = cluster.own().made();
            if (made != null) {
                said.put(made.version(), made.share().totals().greeting().answered());
                saidAt.put(made.version(), made.at());
                if (made.isLast()) {
                    lastWords.add(made.version());
                }
            }
        }

        /** What it wrote last counts; nobody knows of what it counted since. */
        void kill() {
            long known = members.stream()
                    .filter(member -> member != this)
                    .mapToLong(member -> member.cluster.known(cluster.key()))
                    .reduce(side.known(cluster.key()), Math::max);
            // nobody can say whether a node will read it before it is written over
            if (!canGo()
                    || Stream.concat(sides.stream().map(some -> some.merged), Stream.of(oldMerged))
                            .anyMatch(entries -> Side.merged(entries, cluster.key()) > known)) {
                return;
            }
            members.remove(this);
            counted -= batches - said.getOrDefault(known, 0L);
            if (known > 0 && !lastWords.contains(known)) {
                unfinished.add(saidAt.get(known));
            }
            ended++;
            if (cluster.leads()) {
                mergersEnded++;
            }
        }

        /** Unless it is the only one that knows something, its own last word among it. */
        private void end() {
            if (canGo() && isKnown(cluster.key(), cluster.known(cluster.key()), side, this)) {
                members.remove(this);
                ended++;
            } else {
                leaving = false;
            }
        }

        private boolean canGo() {
            return keys.stream()
                            .filter(key -> !key.equals(cluster.key()))
                            .allMatch(key -> isKnown(key, cluster.known(key), side, this))
                    && isBaseKnown(cluster.retired(), side, this)
                    && others().anyMatch(member -> !member.leaving);
        }

        private Stream<Member> others() {
            return members.stream().filter(member -> member != this && member.side == side);
        }
    }

    Troubles(long seed) {
        random = new Random(seed);
        start();
    }

    /** Whether all that one side of the cluster held is known on a side, to its store or to a node. */
    private boolean isAllKnown(Side before, Side side) {
        return isBaseKnown(before.retired(), side)
                && keys.stream().allMatch(key -> isKnown(key, before.known(key), side));
    }

    private boolean isBaseKnown(RetiredTallies retired, Side side, Member... but) {
        return !side.retired().since().isBefore(retired.since())
                || members.stream()
                        .filter(member -> member.side == side && !List.of(but).contains(member))
                        .anyMatch(member -> !member.cluster.retired().since().isBefore(retired.since()));
    }

    private boolean isKnown(String key, long version, Side side, Member... but) {
        return side.known(key) >= version
                || members.stream()
                        .filter(member -> member.side == side && !List.of(but).contains(member))
                        .anyMatch(member -> member.cluster.known(key) >= version);
    }

    void happen() {
        Member member = members.get(random.nextInt(members.size()));
        switch (random.nextInt(100)) {
            case 0 -> member.kill();
            case 1 -> member.leave();
            case 2, 3 -> start();
            case 4 -> split();
            case 5, 6 -> heal();
            case 7 -> lose();
            case 8 -> pass(Duration.ofMinutes(15));
            case 9 -> rest();
            case 30 -> oldMerged = any(sides).copy().merged;
            case 31 -> any(sides).merged.putAll(oldMerged);
            case 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 -> pass(Duration.ofSeconds(1));
            case 20, 21, 22, 23, 24, 25, 26, 27, 28, 29 -> member.count();
            default -> member.step();
        }
    }

    private void start() {
        if (members.size() < MAX_NODES) {
            members.add(new Member("greeter-" + random.nextInt(NAMES), any(sides)));
        }
    }

    private void pass(Duration duration) {
        now = now.plus(duration);
        nanos += duration.toNanos();
    }

    private void split() {
        if (sides.size() == 1 && members.size() > 1) {
            Side other = sides.get(0).copy();
            sides.add(other);
            members.stream().skip(1 + random.nextInt(members.size() - 1)).forEach(member -> member.side = other);
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
        List<Side> of = members.stream().map(member -> member.side).toList();
        sides = new ArrayList<>(List.of(merged));
        members.forEach(member -> member.side = merged);
        if (!before.stream().allMatch(side -> isAllKnown(side, merged))) {
            sides = before;
            for (int i = 0; i < of.size(); i++) {
                members.get(i).side = of.get(i);
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
        if (!isAllKnown(before, side)) {
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
            new ArrayList<>(members).forEach(Member::step);
            heal();
        }
        for (int rounds = 0; rounds < ROUNDS; rounds++) {
            pass(Duration.ofSeconds(1));
            for (Member member : new ArrayList<>(members)) {
                member.finish();
                member.step();
                member.finish();
            }
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
        return members.stream()
                .map(member -> member.cluster.stats(now, nanos))
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
        return members.stream().map(member -> member.cluster.stats(now, nanos)).toList();
    }

    int entries() {
        return sides.get(0).tallies.size();
    }

    private Side any(List<Side> some) {
        return some.get(random.nextInt(some.size()));
    }
}
