package dev.greeter.monitor;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Whether the event loops of a node's verticles still run what they are given. Four times a second each of them is asked
 * from another verticle's loop, which is to be one that none of them can block.
 */
public final class EventLoops {
    private static final Duration INTERVAL = Duration.ofMillis(250);

    /** As many intervals as Vert.x waits before it says that a thread is blocked. */
    private static final int UNANSWERED_LIMIT = 8;

    private final Collection<Loop> watched = new ConcurrentLinkedQueue<>();

    /** One verticle's. */
    private static final class Loop {
        private final Context context;
        private final String thread = Thread.currentThread().getName();
        private volatile boolean answered = true;
        private int unanswered;

        Loop(Context context) {
            this.context = context;
        }

        /** Asks, unless it has not answered yet. Counts in the asker's time: a pause of the whole process blocks no one. */
        void ask() {
            if (answered) {
                answered = false;
                unanswered = 0;
                context.runOnContext(turn -> answered = true);
            } else {
                unanswered++;
            }
        }

        boolean isBlocked() {
            return !answered && unanswered >= UNANSWERED_LIMIT;
        }
    }

    /** The same verticle, whose loop is asked for as long as it is deployed. */
    public Supplier<Deployable> watch(Supplier<? extends Deployable> verticle) {
        return () -> new Watched(verticle.get());
    }

    /** The same verticle, from whose loop the others are asked. */
    public Supplier<Deployable> watchFrom(Supplier<? extends Deployable> verticle) {
        return () -> new Watching(verticle.get());
    }

    /** Up while each loop answered within the last two seconds; otherwise it names the threads that did not. */
    public HealthCheck check() {
        return new HealthCheck("event-loop", () -> {
            List<String> blocked = blocked();
            return Future.succeededFuture(
                    blocked.isEmpty()
                            ? Status.OK()
                            : Status.KO(new JsonObject().put("blocked", new JsonArray(blocked))));
        });
    }

    private List<String> blocked() {
        return watched.stream()
                .filter(Loop::isBlocked)
                .map(loop -> loop.thread)
                .distinct()
                .toList();
    }

    private final class Watched implements Deployable {
        private final Deployable verticle;

        Watched(Deployable verticle) {
            this.verticle = verticle;
        }

        @Override
        public Future<?> deploy(Context context) throws Exception {
            watched.add(new Loop(context));
            return verticle.deploy(context);
        }

        @Override
        public Future<?> undeploy(Context context) throws Exception {
            return verticle.undeploy(context).onComplete(gone -> watched.removeIf(loop -> loop.context == context));
        }
    }

    private final class Watching implements Deployable {
        private final Deployable verticle;

        Watching(Deployable verticle) {
            this.verticle = verticle;
        }

        @Override
        public Future<?> deploy(Context context) throws Exception {
            askLater(context.owner());
            return verticle.deploy(context);
        }

        @Override
        public Future<?> undeploy(Context context) throws Exception {
            return verticle.undeploy(context);
        }

        /** One by one, as a timer at a fixed rate would make up for a pause by asking many times at once. */
        private void askLater(Vertx vertx) {
            vertx.setTimer(INTERVAL.toMillis(), timer -> {
                watched.forEach(Loop::ask);
                askLater(vertx);
            });
        }
    }
}
