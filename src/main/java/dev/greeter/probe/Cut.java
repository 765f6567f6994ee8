package dev.greeter.probe;

import dev.greeter.probe.load.Driver;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Tally;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends rows at once, whatever state they are in: an event loop may be stuck, and what a row counted may be what fails. Waits
 * by the JDK's own threads only.
 */
final class Cut {
    private static final long LOOP_TIMEOUT_MILLIS = 1_000;

    private Cut() {}

    /** What each of the rows has by now, in their order. Never fails. */
    static CompletableFuture<List<ScenarioResult>> of(List<Driver> drivers) {
        List<CompletableFuture<ScenarioResult>> scenarios =
                drivers.stream().map(Cut::scenario).toList();
        return CompletableFuture.allOf(scenarios.toArray(CompletableFuture[]::new))
                .thenApply(
                        all -> scenarios.stream().map(CompletableFuture::join).toList());
    }

    private static CompletableFuture<ScenarioResult> scenario(Driver driver) {
        Future<ScenarioResult> scenario = driver.abort();
        return scenario.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(LOOP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .exceptionally(stuck -> driver.unsynchronizedResult())
                .exceptionally(broken -> Tally.empty(driver.scenario).report());
    }
}
