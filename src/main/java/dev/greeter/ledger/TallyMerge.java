package dev.greeter.ledger;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.RetiredTallies;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
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
 * The work of the node that merges: reads the tallies of all, retires those that are long gone, mends the maps, and writes
 * what it knows for the others. Any step may be its last, and another node may do the same at once.
 */
final class TallyMerge {
    private static final Logger LOG = LoggerFactory.getLogger(TallyMerge.class);

    /** Every so many rounds it also reads and writes what should not have changed, because a map may lose it. */
    private static final int REFRESH_ROUNDS = 5;

    /** The most nodes that read one copy of what is merged. */
    private static final int READERS = 32;

    private final ClusterLedger cluster;
    private final SharedMaps maps;
    private final InstantSource clock;
    private final LongSupplier nanos;

    private int round;
    private long beats;
    private long contentId;
    private int copies;
    private Roster roster = Roster.EMPTY;
    private long rosterId;
    /** The text of the map's entry, if it has all that this node knows. */
    private @Nullable String retiredText;

    TallyMerge(ClusterLedger cluster, SharedMaps maps, InstantSource clock, LongSupplier nanos) {
        this.cluster = cluster;
        this.maps = maps;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Another node merges from now on. */
    void stop() {
        round = 0;
        retiredText = null;
    }

    Future<Void> run() {
        boolean isFirst = round == 0;
        boolean refresh = round % REFRESH_ROUNDS == 0;
        round++;
        return maps.tallies().entries().compose(texts -> {
            Map<String, NodeTally> inMap = parse(texts);
            cluster.read(inMap.values(), clock.instant(), nanos.getAsLong());
            return readLatencies(isFirst, refresh)
                    .compose(read -> retire(refresh))
                    .compose(retired -> mend(texts, inMap))
                    .compose(mended -> share(refresh));
        });
    }

    private static Map<String, NodeTally> parse(Map<String, String> texts) {
        Map<String, NodeTally> inMap = new HashMap<>();
        texts.forEach((key, text) -> {
            NodeTally tally = tally(key, text);
            if (tally != null) {
                inMap.put(key, tally);
            }
        });
        return inMap;
    }

    /** Null for an entry that is no tally, so that the others are still read. */
    static @Nullable NodeTally tally(String key, String text) {
        try {
            NodeTally tally = NodeTally.fromJson(new JsonObject(text));
            return tally.key().equals(key) ? tally : null;
        } catch (BadMessageException | DecodeException bad) {
            LOG.debug("{} holds what is none at {}: {}", Addresses.TALLIES, key, bad.getMessage());
            return null;
        }
    }

    private Future<Void> readLatencies(boolean all, boolean refresh) {
        OtherLatencies latencies = cluster.latencies();
        if (all) {
            return maps.latencies()
                    .entries()
                    .onSuccess(texts -> texts.forEach(latencies::put))
                    .mapEmpty();
        }
        List<Future<?>> reading = new ArrayList<>();
        // those of runs that are gone may be lost
        for (String key : cluster.unread(!refresh)) {
            reading.add(maps.latencies().get(key).onSuccess(text -> {
                if (text != null) {
                    latencies.put(key, text);
                }
            }));
        }
        return Future.all(reading).mapEmpty();
    }

    /**
     * Writes the retired tallies, before any node removes them from the map of tallies. Reads what is there after tallies
     * are read: one that is missing among them by then is among the retired ones.
     */
    private Future<Void> retire(boolean refresh) {
        boolean isRipe = !cluster.retire(clock.instant()).equals(cluster.retired());
        if (!refresh && !isRipe && retiredText != null) {
            return Future.succeededFuture();
        }
        return maps.retired().get(Addresses.RETIRED_TALLIES).compose(text -> {
            if (text != null) {
                readRetired(cluster, text);
            }
            RetiredTallies wanted = cluster.retire(clock.instant());
            return writeRetired(maps, text, wanted).map(written -> {
                retiredText = written;
                if (written != null) {
                    cluster.read(wanted);
                }
                return null;
            });
        });
    }

    static void readRetired(ClusterLedger cluster, String text) {
        try {
            cluster.read(RetiredTallies.fromJson(new JsonObject(text)));
        } catch (BadMessageException | DecodeException bad) {
            LOG.warn("{} holds what is none: {}", Addresses.RETIRED_TALLIES, bad.getMessage());
        }
    }

    /**
     * Writes retired tallies, unless the map has them already.
     *
     * @param there the text that the map has, null for none
     * @return the text that the map has then, empty for none; null if another node was faster, and the next round has to
     *     join the two
     */
    static Future<@Nullable String> writeRetired(SharedMaps maps, @Nullable String there, RetiredTallies wanted) {
        String text = wanted.toJson().encode();
        if (text.equals(there)) {
            return Future.succeededFuture(text);
        }
        if (there == null && wanted.equals(RetiredTallies.NONE)) {
            return Future.succeededFuture("");
        }
        Future<Boolean> written = there == null
                ? maps.retired().putIfAbsent(Addresses.RETIRED_TALLIES, text).map(before -> before == null)
                : maps.retired().replaceIfPresent(Addresses.RETIRED_TALLIES, there, text);
        return written.map(isWritten -> isWritten ? text : null);
    }

    /** The id of the text of retired tallies in a {@link Beat}. */
    static long retiredId(@Nullable String text) {
        return text == null || text.isEmpty() ? 0 : Beat.id(text.getBytes(StandardCharsets.UTF_8));
    }

    private Future<Void> mend(Map<String, String> texts, Map<String, NodeTally> inMap) {
        List<Future<?>> mending = new ArrayList<>();
        for (NodeTally lost : cluster.lost(inMap)) {
            mending.add(write(maps, lost, texts.get(lost.key())));
        }
        inMap.forEach((key, tally) -> {
            if (cluster.isRetired(tally)) {
                // unless it was written again meanwhile
                mending.add(maps.tallies()
                        .removeIfPresent(key, texts.getOrDefault(key, ""))
                        .compose(removed ->
                                removed ? maps.latencies().remove(key) : Future.<@Nullable String>succeededFuture()));
            }
        });
        return Future.join(mending).mapEmpty();
    }

    /** Writes a tally that the map has lost, unless its run, or another node, has written meanwhile. */
    static Future<?> write(SharedMaps maps, NodeTally lost, @Nullable String there) {
        String text = lost.toJson().encode();
        return there == null
                ? maps.tallies().putIfAbsent(lost.key(), text)
                : maps.tallies().replaceIfPresent(lost.key(), there, text);
    }

    /** Writes what this node knows, and that it does: the roster first, and the beat last, because it names the others. */
    private Future<Void> share(boolean refresh) {
        cluster.lead(true);
        MergedTallies all = cluster.merged();
        int wanted = 1 + all.rows().size() / READERS;
        boolean everywhere = refresh || wanted != copies;
        copies = wanted;
        Roster now = all.roster();
        List<Future<?>> writing = new ArrayList<>();
        if (everywhere || !now.equals(roster)) {
            byte[] octets = now.encode();
            roster = now;
            rosterId = Beat.id(octets);
            writing.add(writeCopies(SharedMaps::roster, octets));
        }
        byte[] content = all.encode(rosterId);
        long id = Beat.id(content);
        if (everywhere || id != contentId) {
            contentId = id;
            writing.add(writeCopies(SharedMaps::content, content));
        }
        beats++;
        Beat beat = new Beat(cluster.key(), beats, id, copies, retiredId(retiredText));
        return Future.all(writing)
                .compose(written -> maps.merged().put(SharedMaps.BEAT, beat.encode()))
                .onFailure(failure -> round = 0);
    }

    private interface Key {
        String of(int copy);
    }

    private Future<?> writeCopies(Key key, byte[] octets) {
        List<Future<?>> writing = new ArrayList<>();
        for (int copy = 0; copy < copies; copy++) {
            writing.add(maps.merged().put(key.of(copy), octets));
        }
        return Future.all(writing);
    }
}
