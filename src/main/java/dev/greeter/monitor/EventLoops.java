package dev.greeter.monitor;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Whether the event loops of a node's verticles still run what they are given. Four times a second each of them is asked
 * from another verticle's loop, which is to be one that none of them can block.
 */
public final class EventLoops {
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private static final long UNANSWERED = -1;

    /** As many intervals as Vert.x waits before it says that a thread is blocked. */
    private static final int UNANSWERED_LIMIT = 8;

    private final Collection<Loop> watched = new ConcurrentLinkedQueue<>();

    /** By name of the verticle. Of the asking loop. */
    private final Map<String, LoopDelays> delays = new TreeMap<>();

    /** One verticle's. But for its answers it is the asking loop's. */
    private static final class Loop {
        private final String verticle;
        private final Context context;
        private final String thread = Thread.currentThread().getName();
        private int unanswered;
        private volatile long delayNanos = UNANSWERED;

        Loop(String verticle, Context context) {
            this.verticle = verticle;
            this.context = context;
        }

        void ask() {
            unanswered = 0;
            delayNanos = UNANSWERED;
            long askedAtNanos = System.nanoTime();
            context.runOnContext(turn -> delayNanos = System.nanoTime() - askedAtNanos);
        }

        boolean isBlocked() {
            return unanswered >= UNANSWERED_LIMIT && delayNanos == UNANSWERED;
        }
    }

    /**
     * The same verticle, whose loop is asked for as long as it is deployed.
     *
     * @param name what metrics call it
     */
    public Supplier<Deployable> watch(String name, Supplier<? extends Deployable> verticle) {
        return () -> new Watched(name, verticle.get());
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

    /** To be called from the loop that asks. */
    List<MetricSnapshot> collect() {
        HistogramSnapshot.Builder histogram = HistogramSnapshot.builder()
                .name("greeter_event_loop_delay_seconds")
                .unit(Unit.SECONDS)
                .help("How long an event loop took to run what it was given.");
        delays.forEach((verticle, delay) -> histogram.dataPoint(delay.toDataPoint(Labels.of("verticle", verticle))));
        GaugeSnapshot blocked = GaugeSnapshot.builder()
                .name("greeter_event_loops_blocked")
                .help("Event loops that did not answer for two seconds.")
                .dataPoint(
                        GaugeDataPointSnapshot.builder().value(blocked().size()).build())
                .build();
        return List.of(histogram.build(), blocked);
    }

    private List<String> blocked() {
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
            loop.unanswered++;
        } else {
            delays.computeIfAbsent(loop.verticle, name -> new LoopDelays()).add(delayNanos);
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

        /** One by one, as a timer at a fixed rate would make up for a pause by asking many times at once. */
        private void askLater(Vertx vertx) {
            vertx.setTimer(INTERVAL.toMillis(), timer -> {
                watched.forEach(EventLoops.this::askAgain);
                askLater(vertx);
            });
        }
    }
}
