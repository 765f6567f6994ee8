package dev.greeter.ledger;

import static dev.greeter.ledger.Exchanges.batch;
import static dev.greeter.ledger.Exchanges.greeting;

import dev.greeter.bus.Node;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.Outcome;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** A run of a node whose work on the maps of its side of the cluster goes on by one operation when the test says so. */
final class SteppedNode {
    final ClusterLedger cluster;
    Side side;

    private final Ledger ledger;
    private final TallyRound round;
    private final LongSupplier nanos;
    private final Deque<Runnable> pending = new ArrayDeque<>();
    private Future<Void> current = Future.succeededFuture();
    private final Map<Long, NodeTally> said = new HashMap<>();
    private long batches;
    private boolean leaving;

    SteppedNode(String name, String run, Side side, InstantSource clock, LongSupplier nanos) {
        this.side = side;
        this.nanos = nanos;
        ledger = new Ledger(new Node(name, "host", "1", clock.instant()), 0);
        cluster = new ClusterLedger(ledger, run);
        round = new TallyRound(
                cluster,
                new SharedMaps(
                        new SharedMap<>(() -> this.side.tallies, pending::add),
                        new SharedMap<>(() -> this.side.latencies, pending::add),
                        new SharedMap<>(() -> this.side.retired, pending::add),
                        new SharedMap<>(() -> this.side.merged, pending::add)),
                clock,
                nanos);
    }

    String key() {
        return cluster.key();
    }

    /** Counts one exchange, of which only this node knows so far. */
    void count() {
        batches++;
        ledger.count(batch("a", batches, greeting(Outcome.ANSWERED, batches)), nanos.getAsLong());
    }

    /** Starts a round, or runs its next operation. */
    void step() {
        Runnable next = pending.poll();
        if (next != null) {
            next.run();
        } else if (isBusy()) {
            throw new AssertionError("hangs");
        } else {
            current = round.run();
        }
        said();
    }

    /** Whether a round, or its leave, has begun and has not ended. */
    boolean isBusy() {
        return !current.isComplete();
    }

    /** Begins its leave, unless a round is on. */
    void leave() {
        if (!leaving && !isBusy()) {
            leaving = true;
            current = round.last().compose(written -> round.handOver());
            said();
        }
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Whether its leave is complete, so that it has nothing more to do. */
    boolean hasLeft() {
        return leaving && pending.isEmpty() && !isBusy();
    }

    /** Goes on as if it had not left. */
    void stay() {
        leaving = false;
    }

    private void said() {
        NodeTally made = cluster.own().made();
        if (made != null) {
            said.put(made.version(), made);
        }
    }

    /** Returns the tally of a version, of which somebody knows. */
    NodeTally said(long version) {
        NodeTally tally = said.get(version);
        if (tally == null) {
            throw new AssertionError("never said version " + version);
        }
        return tally;
    }

    /** Returns how much it counted since its tally of this version; 0 stands for none. */
    long countedSince(long version) {
        return version == 0
                ? batches
                : batches - said(version).share().totals().greeting().answered();
    }
}
