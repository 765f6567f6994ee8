package dev.greeter.cli;

import dev.greeter.probe.Plan;
import dev.greeter.probe.Probe;
import dev.greeter.probe.Progress;
import dev.greeter.probe.Report;
import dev.greeter.probe.Units;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Says on standard error how a probe goes: a bar on a terminal, a line now and then elsewhere. */
final class ProbeProgress {
    private static final Duration BAR_INTERVAL = Duration.ofMillis(500);
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);
    private static final int BAR_COLUMNS = 100;

    private final Terminal terminal;
    private final Plan plan;
    private final Probe probe;
    private long lastNanos = System.nanoTime();

    ProbeProgress(Terminal terminal, Plan plan, Probe probe) {
        this.terminal = terminal;
        this.plan = plan;
        this.probe = probe;
    }

    /** Until it is over. */
    void follow(Future<Report> running) throws InterruptedException {
        if (terminal.interactive()) {
            followByBar(running);
        } else {
            while (!isOver(running, LINE_INTERVAL)) {
                now().onSuccess(rows -> terminal.err().println("greeter probe: " + text(rows)));
            }
        }
    }

    private void followByBar(Future<Report> running) throws InterruptedException {
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("probe")
                .setStyle(ProgressBarStyle.ASCII)
                .setInitialMax(plan.exchanges().orElse(-1))
                .setUpdateIntervalMillis(Math.toIntExact(BAR_INTERVAL.toMillis()))
                .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), BAR_COLUMNS))
                .build()) {
            while (!isOver(running, BAR_INTERVAL)) {
                now().onSuccess(rows -> {
                    bar.stepTo(rows.stream()
                            .mapToLong(row -> row.answered() + row.lost())
                            .sum());
                    bar.setExtraMessage(text(rows));
                });
            }
        }
    }

    private Future<List<Progress>> now() {
        return probe.progress();
    }

    private String text(List<Progress> rows) {
        long now = System.nanoTime();
        double seconds = (double) (now - lastNanos) / TimeUnit.SECONDS.toNanos(1);
        lastNanos = now;
        long answered = rows.stream().mapToLong(Progress::answeredNow).sum();
        long lost = rows.stream().mapToLong(Progress::lost).sum();
        long p99 = rows.stream().mapToLong(Progress::p99Now).max().orElse(0);
        return Units.count(Math.round(answered / seconds)) + "/s, lost " + Units.count(lost) + ", p99 "
                + Units.latency(p99);
    }

    private static boolean isOver(Future<Report> running, Duration within) throws InterruptedException {
        try {
            running.toCompletionStage().toCompletableFuture().get(within.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException goesOn) {
            return false;
        } catch (ExecutionException failed) {
            return true;
        }
    }
}
