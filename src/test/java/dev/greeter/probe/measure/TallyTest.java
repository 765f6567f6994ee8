package dev.greeter.probe.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.greeter.config.value.HostPort;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Instant START = Instant.parse("2026-11-23T06:00:00Z");
    private static final Loss RESET = Loss.of(Loss.Kind.RESET, "Connection reset by peer");
    private static final Loss REFUSED = Loss.of(Loss.Kind.REFUSED, "Connection refused");

    private final Tally tally = new Tally(
            new Scenario(Mode.SESSION, Target.greeting(new HostPort("greeter", 1234))),
            OptionalDouble.of(200),
            new RunClock(START, 0),
            0);

    @Test
    void reportsOutagesAsIntervalsOfOneName() {
        lose(RESET, 1, 1.1, 1.9, 2.5);
        lose(REFUSED, 2, 2.2);
        lose(RESET, 5);
        assertThat(tally.result().outages())
                .extracting(
                        outage -> outage.loss().kind(),
                        ScenarioResult.Outage::first,
                        ScenarioResult.Outage::last,
                        ScenarioResult.Outage::count)
                .containsExactly(
                        tuple(Loss.Kind.RESET, START.plusSeconds(1), START.plusMillis(2_500), 4L),
                        tuple(Loss.Kind.REFUSED, START.plusSeconds(2), START.plusMillis(2_200), 2L),
                        tuple(Loss.Kind.RESET, START.plusSeconds(5), START.plusSeconds(5), 1L));
        assertThat(tally.result().counts().losses()).isEqualTo(Map.of(Loss.Kind.RESET, 5L, Loss.Kind.REFUSED, 2L));
    }

    @Test
    void reportsRejectionsOfEachCodeApart() {
        lose(Loss.rejected("503", "status 503"), 1);
        lose(Loss.rejected("502", "status 502"), 1.1);
        lose(Loss.rejected("503", "status 503"), 1.2);
        assertThat(tally.result().counts().losses()).isEqualTo(Map.of(Loss.Kind.REJECTED, 3L));
        assertThat(tally.result().counts().rejected()).isEqualTo(Map.of("502", 1L, "503", 2L));
        assertThat(tally.result().outages()).hasSize(2);
    }

    @Test
    void reportsWhenANodeAnsweredAndWhenItWasAway() {
        answer("greeter-0", 0, 1, 2, 6, 7);
        answer("greeter-1", 3, 4, 5);
        assertThat(tally.result().nodes())
                .extracting(
                        ScenarioResult.NodeShare::node,
                        ScenarioResult.NodeShare::answered,
                        share -> share.spans().size())
                .containsExactly(tuple("greeter-0", 5L, 2), tuple("greeter-1", 3L, 1));
        assertThat(tally.result().nodes().get(0).spans().get(1))
                .isEqualTo(new ScenarioResult.Span(START.plusSeconds(6), START.plusSeconds(7), 2));
    }

    @Test
    void takesTheSameMemoryForARunOfAnyLength() {
        for (int i = 0; i < 2_000_000; i++) {
            long at = i * SECOND;
            tally.sent();
            if (i % 10 == 0) {
                tally.lost(at, Loss.rejected(String.valueOf(i), ""));
            } else {
                tally.answered(at, at + 1_000_000, 1_000_000, "node-" + i);
            }
        }
        ScenarioResult result = tally.result();
        assertThat(result.timeline().slices()).hasSizeLessThanOrEqualTo(TimelineRecorder.MAX_SLICES);
        assertThat(result.timeline().slices().stream()
                        .mapToLong(ScenarioResult.Slice::answered)
                        .sum())
                .isEqualTo(1_800_000);
        assertThat(result.counts().rejected()).hasSizeLessThanOrEqualTo(257);
        assertThat(result.counts().rejected().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(200_000);
        assertThat(result.outages()).hasSizeLessThanOrEqualTo(2_000);
        assertThat(result.nodes()).hasSizeLessThanOrEqualTo(257);
        assertThat(result.nodes().stream()
                        .mapToLong(ScenarioResult.NodeShare::answered)
                        .sum())
                .isEqualTo(1_800_000);
    }

    @Test
    void keepsLittleOfATextOfAnyLength() {
        lose(Loss.rejected("503", "status 503 " + "x".repeat(65_000)), 1);
        lose(Loss.rejected("502", "status 502 " + "x".repeat(65_000)).afterStall(), 1);
        answer("a".repeat(65_000), 1, 2);
        answer("b".repeat(65_000), 1);
        assertThat(tally.result().outages())
                .extracting(outage -> outage.loss().why())
                .allSatisfy(why -> assertThat(why).hasSize(303).endsWith("x..."));
        assertThat(tally.result().nodes())
                .extracting(ScenarioResult.NodeShare::node, ScenarioResult.NodeShare::answered)
                .containsExactly(tuple("a".repeat(300) + "...", 2L), tuple("b".repeat(300) + "...", 1L));
    }

    private void lose(Loss loss, double... seconds) {
        for (double second : seconds) {
            tally.lost(Math.round(second * SECOND), loss);
        }
    }

    private void answer(String node, double... seconds) {
        for (double second : seconds) {
            long at = Math.round(second * SECOND);
            tally.answered(at, at, 0, node);
        }
    }
}
