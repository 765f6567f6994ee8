package dev.greeter.cli.probe;

import dev.greeter.probe.Plan;
import dev.greeter.probe.Probe;
import dev.greeter.probe.Report;
import dev.greeter.probe.measure.Progress;
import dev.greeter.probe.measure.Units;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Prints a probe's progress: a bar on a terminal, a line now and then elsewhere. Event loops only count. */
final class ProgressPrinter {
    private static final Duration BAR_INTERVAL = Duration.ofMillis(500);
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);
    private static final int BAR_COLUMNS = 100;

    private final PrintStream out;
    private final Plan plan;
    private final Probe probe;
    private long lastNanos = System.nanoTime();

    /** @param out to which printing never waits */
    ProgressPrinter(PrintStream out, Plan plan, Probe probe) {
        this.out = out;
        this.plan = plan;
        this.probe = probe;
    }

    /** Prints until the run is over, and returns its report. */
    Report follow(CompletableFuture<Report> running, boolean byBar) throws InterruptedException, ExecutionException {
        if (!byBar) {
            return follow(running, LINE_INTERVAL, scenarios -> out.println("greeter probe: " + text(scenarios)));
        }
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("probe")
                .setStyle(ProgressBarStyle.ASCII)
                .setInitialMax(plan.exchanges().orElse(-1))
                .setUpdateIntervalMillis(Math.toIntExact(BAR_INTERVAL.toMillis()))
                .setConsumer(new ConsoleProgressBarConsumer(out, BAR_COLUMNS))
                .build()) {
            return follow(running, BAR_INTERVAL, scenarios -> {
                bar.stepTo(scenarios.stream()
                        .mapToLong(progress -> progress.answered() + progress.lost())
                        .sum());
                bar.setExtraMessage(text(scenarios));
            });
        }
    }

    private Report follow(CompletableFuture<Report> running, Duration interval, Consumer<List<Progress>> show)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return running.get(interval.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException goesOn) {
                CompletableFuture<List<Progress>> now =
                        probe.progress().toCompletionStage().toCompletableFuture();
                // a failure there ends the run, which reports it
                CompletableFuture.anyOf(running, now)
                        .exceptionally(failed -> null)
                        .get();
                if (now.isDone() && !now.isCompletedExceptionally()) {
                    show.accept(now.join());
                }
            }
        }
    }

    private String text(List<Progress> scenarios) {
        long now = System.nanoTime();
        double seconds = (double) (now - lastNanos) / TimeUnit.SECONDS.toNanos(1);
        lastNanos = now;
        long answered = scenarios.stream().mapToLong(Progress::answeredNow).sum();
        long lost = scenarios.stream().mapToLong(Progress::lost).sum();
        long p99 = scenarios.stream().mapToLong(Progress::p99Now).max().orElse(0);
        return Units.count(Math.round(answered / seconds)) + "/s, lost " + Units.count(lost) + ", p99 "
                + Units.latency(p99);
    }
}
