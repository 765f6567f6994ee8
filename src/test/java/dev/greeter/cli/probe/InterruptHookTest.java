package dev.greeter.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class InterruptHookTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final List<String> ends = new CopyOnWriteArrayList<>();

    @Test
    void endsInOrderThenAtOnceThenTheProcess() {
        try (InterruptHook end = end(LONG)) {
            end.receive();
            await().until(() -> ends.equals(List.of("in order")));
            end.receive();
            await().until(() -> ends.equals(List.of("in order", "at once")));
            end.receive();
            assertThat(ends).containsExactly("in order", "at once", "halt");
        }
    }

    @Test
    void endsAtOnceWhereTheOrderTakesTooLong() {
        try (InterruptHook end = end(Duration.ofMillis(20))) {
            end.receive();
            await().until(() -> ends.equals(List.of("in order", "at once")));
        }
    }

    @Test
    void doesNotWaitForeverForAReaderOfTheReport() {
        try (InterruptHook end = end(LONG)) {
            end.runIsOver();
            end.receive();
            assertThat(ends).isEmpty();
            end.receive();
            assertThat(ends).containsExactly("halt");
        }
    }

    @Test
    void haltsWhereAReportIsNotReadAfterASignal() {
        try (InterruptHook end = end(LONG)) {
            end.receive();
            end.runIsOver();
            await().until(() -> ends.contains("halt"));
        }
    }

    private InterruptHook end(Duration order) {
        return new InterruptHook(() -> ends.add("in order"), order, () -> ends.add("at once"), () -> ends.add("halt"));
    }
}
