package dev.greeter.ledger;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.NodeTally;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work that a node does once a second on the maps that the cluster shares: writes its own entries if they have changed,
 * and reads what one node has merged if that has changed, or merges itself. Any step may fail, may be the last of this
 * node, or may coincide with steps of other nodes: the next round of any node does what one round leaves undone. One round
 * at a time.
 */
final class TallyRound {
    private static final Logger LOG = LoggerFactory.getLogger(TallyRound.class);

    private final ClusterLedger cluster;
    private final SharedMaps maps;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final TallyMerge merge;

    /** Ids of what was read last. */
    private long contentId;

    private long rosterId;
    private Roster roster = Roster.EMPTY;
    /** Null if this node may know retired tallies that the map lacks. */
    private @Nullable Long retiredId;

    TallyRound(ClusterLedger cluster, SharedMaps maps, InstantSource clock, LongSupplier nanos) {
        this.cluster = cluster;
        this.maps = maps;
        this.clock = clock;
        this.nanos = nanos;
        merge = new TallyMerge(cluster, maps, clock, nanos);
    }

    /** Writes this node's tally, reads what is merged of all, or merges it, and mends. */
    Future<Void> run() {
        return writeLatency(false)
                .compose(written -> {
                    NodeTally tally = cluster.next(clock.instant(), nanos.getAsLong());
                    return tally == null ? Future.succeededFuture() : put(tally);
                })
                .compose(written -> look())
                .compose(looked -> {
                    if (cluster.merges(nanos.getAsLong())) {
                        retiredId = null;
                        return merge.run();
                    }
                    cluster.lead(false);
                    merge.stop();
                    return mend();
                });
    }

    /** Writes the last tally of this node. */
    Future<Void> last() {
        return writeLatency(true).compose(written -> put(cluster.own().last(clock.instant(), nanos.getAsLong())));
    }

    /** After the last tally: if this node merges, the next one learns at once that it is its turn. */
    Future<Void> handOver() {
        return cluster.leads() ? merge.run() : Future.succeededFuture();
    }

    private Future<Void> writeLatency(boolean isLast) {
        OwnTally own = cluster.own();
        String text = own.latency(nanos.getAsLong(), isLast);
        if (text == null) {
            return Future.succeededFuture();
        }
        long count = own.latencyTotal();
        return maps.latencies()
                .put(cluster.key(), text)
                .onSuccess(written -> own.latencyWritten(count, nanos.getAsLong()));
    }

    private Future<Void> put(NodeTally own) {
        return maps.tallies()
                .put(own.key(), own.toJson().encode())
                .onSuccess(written -> cluster.own().written(nanos.getAsLong()));
    }

    /** Reads which node merges, and what it has merged if that has changed. */
    private Future<Void> look() {
        return maps.merged().get(SharedMaps.BEAT).compose(octets -> {
            Beat beat = beat(octets);
            cluster.heard(beat, nanos.getAsLong());
            return beat == null || beat.merger().equals(cluster.key())
                    ? Future.succeededFuture()
                    : readContent(beat).compose(read -> readRetired(beat));
        });
    }

    private Future<Void> readContent(Beat beat) {
        if (beat.content() == contentId) {
            return Future.succeededFuture();
        }
        int copy = beat.copyOf(cluster.key());
        return maps.merged().get(SharedMaps.content(copy)).compose(octets -> {
            if (octets == null) {
                return Future.succeededFuture();
            }
            return readRoster(octets, copy).map(known -> {
                if (known) {
                    follow(octets);
                }
                return null;
            });
        });
    }

    /** @return whether the roster is the one that these merged tallies need; if not, the node that merges writes it soon */
    private Future<Boolean> readRoster(byte[] content, int copy) {
        long wanted = rosterOf(content);
        if (wanted == rosterId) {
            return Future.succeededFuture(true);
        }
        return maps.merged().get(SharedMaps.roster(copy)).map(octets -> {
            if (octets == null || Beat.id(octets) != wanted) {
                return false;
            }
            try {
                roster = Roster.decode(octets);
                rosterId = wanted;
                return true;
            } catch (IOException bad) {
                LOG.debug("{} holds what is no roster", Addresses.MERGED, bad);
                return false;
            }
        });
    }

    private void follow(byte[] content) {
        try {
            cluster.follow(MergedTallies.decode(content, roster), nanos.getAsLong());
            contentId = Beat.id(content);
        } catch (IOException bad) {
            LOG.debug("{} holds what is none", Addresses.MERGED, bad);
        }
    }

    /** Reads the retired tallies after the others, and writes those that the map has lost. */
    private Future<Void> readRetired(Beat beat) {
        if (Objects.equals(beat.retired(), retiredId)) {
            return Future.succeededFuture();
        }
        return maps.retired().get(Addresses.RETIRED_TALLIES).compose(text -> {
            if (text != null) {
                TallyMerge.readRetired(cluster, text);
            }
            return TallyMerge.writeRetired(maps, text, cluster.retired()).map(written -> {
                retiredId = written == null ? null : TallyMerge.retiredId(written);
                return null;
            });
        });
    }

    private Future<Void> mend() {
        List<Future<?>> mending = new ArrayList<>();
        for (NodeTally lost : cluster.unmerged(nanos.getAsLong())) {
            mending.add(maps.tallies().get(lost.key()).compose(there -> {
                NodeTally inMap = there == null ? null : TallyMerge.tally(lost.key(), there);
                return inMap != null && inMap.version() >= lost.version()
                        ? Future.succeededFuture()
                        : TallyMerge.write(maps, lost, there);
            }));
        }
        return Future.join(mending).mapEmpty();
    }

    private static @Nullable Beat beat(byte @Nullable [] octets) {
        try {
            return octets == null ? null : Beat.decode(octets);
        } catch (IOException bad) {
            LOG.debug("{} holds what is no beat", Addresses.MERGED, bad);
            return null;
        }
    }

    /** The id of no roster, if the octets are no merged tallies. */
    private static long rosterOf(byte[] content) {
        try {
            return MergedTallies.rosterOf(content);
        } catch (IOException bad) {
            return 0;
        }
    }
}
