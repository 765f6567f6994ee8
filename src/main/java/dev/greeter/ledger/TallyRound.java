package dev.greeter.ledger;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.RetiredTallies;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.AsyncMap;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work that a node does once a second on the two maps that the cluster shares. Any step may fail, may be the last of
 * this node, or may coincide with steps of other nodes: the next round of any node does what one round leaves undone. One
 * round at a time.
 */
final class TallyRound {
    private static final Logger LOG = LoggerFactory.getLogger(TallyRound.class);

    private final ClusterLedger cluster;
    private final AsyncMap<String, String> tallies;
    private final AsyncMap<String, String> retired;
    private final InstantSource clock;
    private final LongSupplier nanos;

    /** The text of the map's entry, if it has all that this node knows: most rounds find the same text again. */
    private @Nullable String retiredText;

    TallyRound(
            ClusterLedger cluster,
            AsyncMap<String, String> tallies,
            AsyncMap<String, String> retired,
            InstantSource clock,
            LongSupplier nanos) {
        this.cluster = cluster;
        this.tallies = tallies;
        this.retired = retired;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Writes this node's tally, reads the others, retires those that are long gone if this node leads, and mends. */
    Future<Void> run() {
        return put(cluster.next(clock.instant(), nanos.getAsLong()))
                .compose(written -> tallies.entries())
                .compose(this::take);
    }

    /** Writes the last tally of this node. */
    Future<Void> last() {
        return put(cluster.last(clock.instant(), nanos.getAsLong()));
    }

    private Future<Void> put(NodeTally own) {
        return tallies.put(own.key(), text(own));
    }

    /** Reads the tallies first: one that is missing among them by then is among the retired ones when they are read. */
    private Future<Void> take(Map<String, String> texts) {
        Map<String, NodeTally> inMap = new HashMap<>();
        texts.forEach((key, text) -> {
            NodeTally tally = tally(key, text);
            if (tally != null) {
                inMap.put(key, tally);
            }
        });
        cluster.read(inMap.values(), clock.instant(), nanos.getAsLong());
        return retired.get(Addresses.RETIRED_TALLIES).compose(this::retire).compose(written -> mend(texts, inMap));
    }

    /** Writes the retired tallies, before any node removes them from the map of tallies. */
    private Future<Void> retire(@Nullable String text) {
        if (text != null && !text.equals(retiredText)) {
            read(text);
        }
        RetiredTallies wanted = cluster.leads() ? cluster.retire(clock.instant()) : cluster.retired();
        if (text != null && text.equals(retiredText) && wanted.equals(cluster.retired())) {
            return Future.succeededFuture();
        }
        String wantedText = wanted.toJson().encode();
        if (wantedText.equals(text) || (text == null && wanted.equals(RetiredTallies.NONE))) {
            retiredText = text;
            return Future.succeededFuture();
        }
        Future<Boolean> written = text == null
                ? retired.putIfAbsent(Addresses.RETIRED_TALLIES, wantedText).map(there -> there == null)
                : retired.replaceIfPresent(Addresses.RETIRED_TALLIES, text, wantedText);
        // if another node was faster, the next round joins the two
        return written.onSuccess(isWritten -> {
                    if (isWritten) {
                        retiredText = wantedText;
                        cluster.read(wanted);
                    }
                })
                .mapEmpty();
    }

    private void read(String text) {
        try {
            cluster.read(RetiredTallies.fromJson(new JsonObject(text)));
        } catch (BadMessageException | DecodeException bad) {
            LOG.warn("{} holds what is none: {}", Addresses.RETIRED_TALLIES, bad.getMessage());
        }
    }

    private Future<Void> mend(Map<String, String> texts, Map<String, NodeTally> inMap) {
        List<Future<?>> mending = new ArrayList<>();
        for (NodeTally lost : cluster.lost(inMap)) {
            String there = texts.get(lost.key());
            mending.add(
                    there == null
                            ? tallies.putIfAbsent(lost.key(), text(lost))
                            : tallies.replaceIfPresent(lost.key(), there, text(lost)));
        }
        if (cluster.leads()) {
            inMap.forEach((key, tally) -> {
                if (cluster.isRetired(tally)) {
                    // unless it was written again meanwhile
                    mending.add(tallies.removeIfPresent(key, texts.getOrDefault(key, "")));
                }
            });
        }
        return Future.join(mending).mapEmpty();
    }

    private static String text(NodeTally tally) {
        return tally.toJson().encode();
    }

    /** Null for an entry that is no tally, so that the others are still read. */
    private static @Nullable NodeTally tally(String key, String text) {
        try {
            NodeTally tally = NodeTally.fromJson(new JsonObject(text));
            return tally.key().equals(key) ? tally : null;
        } catch (BadMessageException | DecodeException bad) {
            LOG.debug("{} holds what is none at {}: {}", Addresses.TALLIES, key, bad.getMessage());
            return null;
        }
    }
}
