package dev.greeter.ledger;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.BadMessageException;
import dev.greeter.bus.FoldedTallies;
import dev.greeter.bus.NodeTally;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.AsyncMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Once a second writes this node's tally to the map that the cluster shares, reads the others', and mends what the map
 * lost. One round at a time, however long the cluster takes for it. Used by its verticle's context only.
 */
final class TallySharing {
    private static final Logger LOG = LoggerFactory.getLogger(TallySharing.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The most that the last word may take. */
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final ClusterLedger cluster;
    private final AsyncMap<String, String> tallies;
    private final AsyncMap<String, String> foldedTallies;
    private final Promise<Void> firstRound = Promise.promise();
    private final long timer;
    private Future<Void> round = Future.succeededFuture();
    private @Nullable String foldedText;
    private List<String> live = List.of();
    private boolean lost;

    private TallySharing(
            Vertx vertx,
            ClusterLedger cluster,
            AsyncMap<String, String> tallies,
            AsyncMap<String, String> foldedTallies) {
        this.vertx = vertx;
        this.cluster = cluster;
        this.tallies = tallies;
        this.foldedTallies = foldedTallies;
        timer = vertx.setPeriodic(0, INTERVAL.toMillis(), tick -> tick());
    }

    /** Completes once this node has shared its tally, and knows the others'. */
    static Future<TallySharing> start(Vertx vertx, ClusterLedger cluster) {
        Future<AsyncMap<String, String>> tallies = vertx.sharedData().getAsyncMap(Addresses.TALLIES);
        Future<AsyncMap<String, String>> folded = vertx.sharedData().getAsyncMap(Addresses.FOLDED_TALLIES);
        return Future.all(tallies, folded)
                .map(both -> new TallySharing(vertx, cluster, tallies.result(), folded.result()))
                .compose(sharing -> sharing.firstRound.future().map(sharing));
    }

    /** Completes when the last word of this node is written, and fails if that takes too long. */
    Future<Void> stop() {
        vertx.cancelTimer(timer);
        return round.transform(over -> {
                    NodeTally last = cluster.last(Instant.now(), System.nanoTime());
                    return tallies.put(last.key(), text(last));
                })
                .timeout(LEAVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tick() {
        if (cluster.isStale(System.nanoTime()) && firstRound.future().isComplete()) {
            tellLost();
        }
        if (round.isComplete()) {
            round = share().onSuccess(shared -> {
                        firstRound.tryComplete();
                        tellFound();
                    })
                    .onFailure(failure -> LOG.debug("tallies not shared", failure));
        }
    }

    private Future<Void> share() {
        NodeTally own = cluster.next(Instant.now(), System.nanoTime());
        return tallies.put(own.key(), text(own))
                .compose(written -> tallies.entries())
                .compose(this::take);
    }

    private Future<Void> take(Map<String, String> texts) {
        Map<String, NodeTally> inMap = new HashMap<>();
        texts.forEach((key, text) -> {
            NodeTally tally = tally(key, text);
            if (tally != null) {
                inMap.put(key, tally);
            }
        });
        cluster.read(inMap.values(), Instant.now(), System.nanoTime());
        return foldedTallies.get(Addresses.FOLDED_TALLIES).compose(this::fold).compose(folded -> mend(texts, inMap));
    }

    /** What is folded is written before the tallies that it holds are removed. */
    private Future<Void> fold(@Nullable String text) {
        if (text != null && !text.equals(foldedText)) {
            try {
                cluster.read(FoldedTallies.fromJson(new JsonObject(text)));
            } catch (BadMessageException | DecodeException bad) {
                LOG.warn("{} holds what is none: {}", Addresses.FOLDED_TALLIES, bad.getMessage());
            }
        }
        FoldedTallies wanted = cluster.leads() ? cluster.fold(Instant.now()) : cluster.folded();
        String wantedText = wanted.toJson().encode();
        if (wantedText.equals(text) || (text == null && wanted.equals(FoldedTallies.NONE))) {
            foldedText = text;
            return Future.succeededFuture();
        }
        Future<Boolean> written = text == null
                ? foldedTallies
                        .putIfAbsent(Addresses.FOLDED_TALLIES, wantedText)
                        .map(there -> there == null)
                : foldedTallies.replaceIfPresent(Addresses.FOLDED_TALLIES, text, wantedText);
        // if another node was faster, the next round joins the two
        return written.onSuccess(isWritten -> {
                    if (isWritten) {
                        foldedText = wantedText;
                        cluster.read(wanted);
                    }
                })
                .mapEmpty();
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
                if (cluster.isFolded(tally)) {
                    // unless it was written again meanwhile
                    mending.add(tallies.removeIfPresent(key, texts.getOrDefault(key, "")));
                }
            });
        }
        return Future.join(mending).mapEmpty();
    }

    private void tellLost() {
        if (!lost) {
            lost = true;
            LOG.warn("the cluster does not answer: stats are partial");
        }
    }

    private void tellFound() {
        if (lost) {
            lost = false;
            LOG.info("the cluster answers again");
        }
        List<String> now = cluster.live();
        if (!now.equals(live)) {
            live = now;
            LOG.atInfo()
                    .addKeyValue("size", live.size())
                    .addKeyValue("nodes", String.join(",", live))
                    .log("cluster");
        }
    }

    private static String text(NodeTally tally) {
        return tally.toJson().encode();
    }

    /** What is none is no reason to do without the others. */
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
