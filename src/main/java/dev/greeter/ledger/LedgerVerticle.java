package dev.greeter.ledger;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeBatch;
import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.RecentQuery;
import dev.greeter.bus.Stats;
import dev.greeter.bus.StatsQuery;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds its node's {@link Ledger} with the servers' batches, and answers queries from it. One for each node. */
public final class LedgerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerVerticle.class);
    private static final Duration UPDATE_INTERVAL = Duration.ofSeconds(1);

    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private final Ledger ledger;
    private final @Nullable ClusterLedger cluster;
    private @Nullable TallyReplicator replicator;

    /** For a node without a cluster. */
    public LedgerVerticle(Ledger ledger) {
        this(ledger, null);
    }

    /** @param cluster the counts of all nodes, which this keeps up to date; null for a node without a cluster */
    public LedgerVerticle(Ledger ledger, @Nullable ClusterLedger cluster) {
        this.ledger = ledger;
        this.cluster = cluster;
    }

    @Override
    public Future<?> start() {
        EventBus bus = vertx.eventBus();
        vertx.setPeriodic(UPDATE_INTERVAL.toMillis(), timer -> update());
        MessageConsumer<Object> exchanges = bus.localConsumer(Addresses.EXCHANGES, answering(this::count));
        MessageConsumer<Object> stats = bus.consumer(Addresses.STATS, answering(this::stats));
        MessageConsumer<Object> recent = bus.consumer(Addresses.RECENT, answering(this::recent));
        MessageConsumer<Object> snapshot = bus.localConsumer(Addresses.SNAPSHOT, answering(body -> snapshot()));
        Future<Void> shared = cluster == null
                ? Future.succeededFuture()
                : TallyReplicator.start(vertx, cluster)
                        .onSuccess(started -> replicator = started)
                        .mapEmpty();
        return Future.join(
                exchanges.completion(), stats.completion(), recent.completion(), snapshot.completion(), shared);
    }

    @Override
    public Future<?> stop() {
        ledger.flushLog();
        return replicator == null
                ? Future.succeededFuture()
                : replicator.stop().recover(failure -> {
                    LOG.warn("the last second was not shared with the cluster: {}", failure.getMessage());
                    return Future.succeededFuture();
                });
    }

    private @Nullable Object count(@Nullable Object body) {
        ledger.count(ExchangeBatch.from(body), System.nanoTime());
        return null;
    }

    private Object stats(@Nullable Object body) {
        StatsQuery query = body instanceof StatsQuery own ? own : StatsQuery.fromJson(body);
        return stats(query.scope()).toJson();
    }

    private LedgerSnapshot snapshot() {
        return cluster == null ? ledger.snapshot() : cluster.snapshot(System.nanoTime());
    }

    private Object recent(@Nullable Object body) {
        RecentQuery query = body instanceof RecentQuery own ? own : RecentQuery.fromJson(body);
        String node = ledger.node().name();
        JsonArray newest = new JsonArray();
        for (Exchange exchange : ledger.recent(query.limit())) {
            newest.add(exchange.toJson(PeerMask.shown(exchange.peer(), ledger.shownPeers()))
                    .put("node", node));
        }
        return newest;
    }

    /** One node publishes for all. While the cluster does not answer, each node publishes for its own clients. */
    private void update() {
        long now = System.nanoTime();
        ledger.tick(now);
        if (cluster == null || cluster.leads()) {
            publishStats(new DeliveryOptions());
        } else if (cluster.isStale(now)) {
            publishStats(LOCAL);
        }
    }

    private void publishStats(DeliveryOptions options) {
        vertx.eventBus().publish(Addresses.UPDATES, stats(Stats.Scope.CLUSTER).toJson(), options);
    }

    private Stats stats(Stats.Scope scope) {
        return cluster != null && scope == Stats.Scope.CLUSTER
                ? cluster.stats(Instant.now(), System.nanoTime())
                : ledger.stats(scope, Instant.now(), System.nanoTime());
    }

    /**
     * A body that is not understood gets a failure with the reason, and changes nothing in the ledger. After any other failure
     * there is no answer, so that a server sends its batch again.
     */
    private static Handler<Message<Object>> answering(Function<@Nullable Object, @Nullable Object> answer) {
        return message -> {
            try {
                message.reply(answer.apply(message.body()));
            } catch (BadMessageException bad) {
                message.fail(Addresses.BAD_QUERY, bad.getMessage());
            } catch (Throwable failure) {
                // the event bus drops what a handler throws, also the error of memory that has run out
                LOG.error("the ledger failed at a message to {}", message.address(), failure);
            }
        };
    }
}
