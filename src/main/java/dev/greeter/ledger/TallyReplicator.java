package dev.greeter.ledger;

import dev.greeter.bus.Node;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link ClusterLedger} and the cluster's maps up to date: a {@linkplain TallyRound round} each second, unless the
 * one before still waits for the cluster. Used by its verticle's context only.
 */
final class TallyReplicator {
    private static final Logger LOG = LoggerFactory.getLogger(TallyReplicator.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** A round that takes longer waits for an answer that never comes, such as that of a member that is gone. */
    private static final Duration ROUND_TIMEOUT = Duration.ofSeconds(15);

    /** The most that writing the last tally may take. */
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(5);

    /** The most that a node that leaves waits for its successor's sake. */
    private static final Duration HANDOVER_TIMEOUT = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final ClusterLedger cluster;
    private final TallyRound round;
    private final Promise<Void> first = Promise.promise();
    private final long timer;
    private Future<Void> current = Future.succeededFuture();
    private List<String> live = List.of();
    private Set<String> namesakes = Set.of();
    private boolean lost;

    private TallyReplicator(Vertx vertx, ClusterLedger cluster, TallyRound round) {
        this.vertx = vertx;
        this.cluster = cluster;
        this.round = round;
        timer = vertx.setPeriodic(0, INTERVAL.toMillis(), tick -> tick());
    }

    /** Completes when this node has written its tally and knows those of the others. */
    static Future<TallyReplicator> start(Vertx vertx, ClusterLedger cluster) {
        return SharedMaps.open(vertx)
                .map(maps -> new TallyRound(cluster, maps, InstantSource.system(), System::nanoTime))
                .map(round -> new TallyReplicator(vertx, cluster, round))
                .compose(replicator -> replicator.first.future().map(replicator));
    }

    /** Completes when the last tally of this node is written, and fails if that takes too long. */
    Future<Void> stop() {
        vertx.cancelTimer(timer);
        // after the round that is under way, which would overwrite it
        return current.transform(over -> round.last())
                .timeout(LEAVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .compose(written -> round.handOver()
                        .timeout(HANDOVER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                        .recover(failure -> {
                            LOG.debug("the next node has to find out that it is the next", failure);
                            return Future.succeededFuture();
                        }));
    }

    private void tick() {
        if (first.future().isComplete() && cluster.isStale(System.nanoTime())) {
            logLost();
        }
        if (current.isComplete()) {
            // the map throws if the node has left the cluster
            current = Future.succeededFuture()
                    .compose(due -> round.run())
                    .timeout(ROUND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .onSuccess(shared -> {
                        first.tryComplete();
                        logFound();
                    })
                    .onFailure(failure -> LOG.debug("tallies not shared", failure));
        }
    }

    private void logLost() {
        if (!lost) {
            lost = true;
            LOG.warn("the cluster does not answer: stats are partial");
        }
    }

    private void logFound() {
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
        logNamesakes();
    }

    private void logNamesakes() {
        Map<String, Node> now = cluster.namesakes();
        now.forEach((key, node) -> {
            if (!namesakes.contains(key)) {
                LOG.atWarn()
                        .addKeyValue("node", node.name())
                        .addKeyValue("host", node.host())
                        .addKeyValue("startedAt", node.startedAt())
                        .log("another node of the cluster has the name of this one; set node.name of each");
            }
        });
        namesakes = Set.copyOf(now.keySet());
    }
}
