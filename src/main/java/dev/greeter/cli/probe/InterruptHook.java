package dev.greeter.cli.probe;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;
import picocli.CommandLine.ExitCode;

/**
 * SIGINT, SIGTERM and SIGHUP end a run early: the first one in order, the second one at once, and the next one the process.
 * Even if the run, or a reader of its output, stands still, the process ends some seconds after an end in order should be done.
 */
final class InterruptHook implements AutoCloseable {
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    /** For the output that is still printed when the run is over. */
    private static final Duration OUTPUT = Duration.ofSeconds(5);

    private final Runnable inOrder;
    private final Runnable atOnce;
    private final Duration order;
    private final Runnable halt;
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "early end");
        thread.setDaemon(true);
        return thread;
    });

    /** What each signal did before. */
    private final Map<String, Object> before = new LinkedHashMap<>();

    /** @param order how long the end in order may take, before it becomes one at once */
    InterruptHook(Runnable inOrder, Duration order, Runnable atOnce) {
        this(inOrder, order, atOnce, () -> Runtime.getRuntime().halt(ExitCode.SOFTWARE));
    }

    InterruptHook(Runnable inOrder, Duration order, Runnable atOnce, Runnable halt) {
        this.inOrder = inOrder;
        this.atOnce = atOnce;
        this.order = order;
        this.halt = halt;
        for (String name : SIGNALS) {
            Object previous = Signals.register(name, this::receive);
            // one that the JVM's own options take ends the process as it always does
            if (previous != null) {
                before.put(name, previous);
            }
        }
    }

    /** One of the signals came. */
    void receive() {
        int nth = received.incrementAndGet();
        if (nth > 2 || (nth > 1 && over.get())) {
            halt.run();
        } else if (over.get()) {
            haltIn(OUTPUT);
        } else if (nth == 2) {
            timer.execute(this::end);
        } else {
            timer.execute(inOrder);
            var unused = timer.schedule(this::end, order.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** The run is over, and only its report is left to be printed. */
    void runIsOver() {
        over.set(true);
        if (received.get() > 0) {
            haltIn(OUTPUT);
        }
    }

    private void end() {
        atOnce.run();
        haltIn(OUTPUT.multipliedBy(2));
    }

    private void haltIn(Duration delay) {
        var unused = timer.schedule(halt, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        before.forEach(Signals::unregister);
        timer.shutdownNow();
    }
}
