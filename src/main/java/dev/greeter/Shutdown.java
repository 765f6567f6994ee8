package dev.greeter;

import dev.greeter.cluster.Cluster;
import dev.greeter.monitor.EventLoops;
import dev.greeter.net.Grace;
import dev.greeter.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The stop of one node, from the delay to the end of its Vert.x. No limit of time here needs an event loop, because a stop has to end
 * while one is blocked too. Thread-safe.
 */
final class Shutdown {
    /** The most that the servers may take after the grace period, to hand their last exchanges to the ledger. */
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(6);

    /** The most that leaving the cluster, and closing all else that is open, may take. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Grace grace;
    private final EventLoops loops;
    private final LifecycleLog log;
    private final Tracing tracing;
    private final @Nullable Cluster cluster;
    private final Promise<Void> delayOver = Promise.promise();
    private final AtomicBoolean closing = new AtomicBoolean();
    /** A promise without a context, because the contexts of Vert.x end with it. */
    private final Promise<Boolean> closed = Promise.promise();

    /**
     * @param loops name those that are blocked
     * @param tracing is closed after the servers
     * @param cluster null for a node without others
     */
    Shutdown(Grace grace, EventLoops loops, LifecycleLog log, Tracing tracing, @Nullable Cluster cluster) {
        this.grace = grace;
        this.loops = loops;
        this.log = log;
        this.tracing = tracing;
        this.cluster = cluster;
    }

    /** Completes this long after now, on a thread that is no event loop. */
    static Future<Void> after(Duration duration) {
        return Future.fromCompletionStage(CompletableFuture.runAsync(
                () -> {}, CompletableFuture.delayedExecutor(duration.toMillis(), TimeUnit.MILLISECONDS)));
    }

    /** Begins the delay, which {@link #endDelay} ends early. */
    Future<Void> delay(Duration duration) {
        if (duration.isZero()) {
            delayOver.tryComplete();
        } else {
            after(duration).onComplete(elapsed -> delayOver.tryComplete());
        }
        return delayOver.future();
    }

    /**
     * Ends the delay.
     *
     * @return whether there was one to end
     */
    boolean endDelay() {
        return delayOver.tryComplete();
    }

    /** Ends the grace period, even before it begins. */
    void endGrace() {
        grace.end();
    }

    /**
     * Closes once: a start that fails closes all that it opened, and a stop that comes meanwhile waits for it.
     *
     * @return whether all verticles were undeployed in time; never fails
     */
    Future<Boolean> close(Vertx vertx, Deployments deployments) {
        if (closing.getAndSet(true)) {
            return closed.future();
        }
        Future<?> limit = Future.any(grace.ended(), after(grace.duration())).compose(over -> after(FLUSH_TIMEOUT));
        deployments.undeploy(limit).onSuccess(inTime -> {
            if (!inTime) {
                log.notInTime(loops.blocked());
            }
            Future.fromCompletionStage(tracing.close())
                    .onComplete(flushed -> Future.any(end(vertx, inTime).otherwiseEmpty(), after(CLOSE_TIMEOUT))
                            .onComplete(either -> closed.complete(inTime)));
        });
        return closed.future();
    }

    /** Vert.x leaves the cluster only after its last verticle, which it would wait for in vain. */
    private Future<Void> end(Vertx vertx, boolean inTime) {
        if (inTime) {
            return vertx.close();
        }
        return cluster == null ? Future.succeededFuture() : cluster.leave();
    }
}
