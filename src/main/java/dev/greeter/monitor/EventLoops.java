package dev.greeter.monitor;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Watches whether the event loops of a node's verticles still run what they are given. Four times a second another
 * verticle's loop, which none of them can block, gives each of them a question to answer.
 */
public final class EventLoops {
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private static final double NANOS_PER_SECOND = 1e9;

    private static final long UNANSWERED = -1;

    /** As many intervals as Vert.x waits before it reports a blocked thread. */
    private static final int UNANSWERED_LIMIT = 8;

    private final Collection<Loop> watched = new ConcurrentLinkedQueue<>();

    private final Histogram delays = Histogram.builder()
            .name("greeter_event_loop_delay_seconds")
            .unit(Unit.SECONDS)
            .help("How long an event loop took to run what it was given.")
            .labelNames("verticle")
            .classicOnly()
            .classicUpperBounds(0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10)
            .withoutExemplars()
            .build();

    private final GaugeWithCallback blocked = GaugeWithCallback.builder()
            .name("greeter_event_loops_blocked")
            .help("Event loops that did not answer for two seconds.")
            .callback(gauge -> gauge.call(blocked().size()))
            .build();

    /** The loop of one verticle. Except for its answers, only the asking loop changes it. */
    private static final class Loop {
        private final String verticle;
        private final Context context;
        private final String thread = Thread.currentThread().getName();
        private final AtomicInteger unanswered = new AtomicInteger();
        private volatile long delayNanos = UNANSWERED;

        Loop(String verticle, Context context) {
            this.verticle = verticle;
            this.context = context;
        }

        void ask() {
            unanswered.set(0);
            delayNanos = UNANSWERED;
            long askedAtNanos = System.nanoTime();
            context.runOnContext(turn -> delayNanos = System.nanoTime() - askedAtNanos);
        }

        boolean isBlocked() {
            return unanswered.get() >= UNANSWERED_LIMIT && delayNanos == UNANSWERED;
        }
    }

    /**
     * Makes the same verticle, whose loop is asked as long as it is deployed.
     *
     * @param name the verticle's label in metrics
     */
    public Supplier<Deployable> watch(String name, Supplier<? extends Deployable> verticle) {
        return () -> new Watched(name, verticle.get());
    }

    /** Makes the same verticle, whose loop asks the others. */
    public Supplier<Deployable> watchFrom(Supplier<? extends Deployable> verticle) {
        return () -> new Watching(verticle.get());
    }

    /** Up while each loop answered within the last two seconds; otherwise it names the threads that did not. */
    public Health.Check check() {
        return Health.Check.of("event-loop", () -> {
            List<String> names = blocked();
            return names.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new JsonObject().put("blocked", new JsonArray(names)));
        });
    }

    /** To be called from the loop that asks. */
    List<MetricSnapshot> collect() {
        return List.of(delays.collect(), blocked.collect());
    }

    /** Returns the names of the threads that did not answer for two seconds. Any thread may call this. */
    public List<String> blocked() {
        return watched.stream()
                .filter(Loop::isBlocked)
                .map(loop -> loop.thread)
                .distinct()
                .toList();
    }

    /** Counts in the asking loop's own time: a pause of the whole process makes no loop look blocked. */
    private void askAgain(Loop loop) {
        long delayNanos = loop.delayNanos;
        if (delayNanos == UNANSWERED) {
            loop.unanswered.incrementAndGet();
        } else {
            delays.labelValues(loop.verticle).observe(delayNanos / NANOS_PER_SECOND);
            loop.ask();
        }
    }

    private final class Watched implements Deployable {
        private final String name;
        private final Deployable verticle;

        Watched(String name, Deployable verticle) {
            this.name = name;
            this.verticle = verticle;
        }

        @Override
        public Future<?> deploy(Context context) throws Exception {
            Loop loop = new Loop(name, context);
            loop.ask();
            watched.add(loop);
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

        /** One by one, because a timer at a fixed rate would make up for a pause by asking many times at once. */
        private void askLater(Vertx vertx) {
            vertx.setTimer(INTERVAL.toMillis(), timer -> {
                watched.forEach(EventLoops.this::askAgain);
                askLater(vertx);
            });
        }
    }
}
