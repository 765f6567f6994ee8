package dev.greeter.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {
    private final Faults faults = new Faults("greeting");

    @Test
    void hitsNothingWhileThereIsNone() {
        assertThat(faults.areThere()).isFalse();
        assertThat(faults.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.07, 10, 12.5, 33.33, 99.99, 100})
    void hitsExactlyItsShareSpreadEvenly(double percent) {
        ActiveFault fault = faults.add(fault(FaultKind.RESET, percent));
        for (int asked = 1; asked <= 20_000; asked++) {
            faults.next();
            assertThat((double) fault.injected()).isCloseTo(asked * percent / 100, within(1.0));
        }
        assertThat(fault.injected()).isEqualTo(Math.round(20_000 * percent / 100));
    }

    @Test
    void givesSeveralFaultsEachItsShare() {
        List<ActiveFault> three = List.of(
                faults.add(fault(FaultKind.RESET, 10)),
                faults.add(fault(FaultKind.WRONG, 10)),
                faults.add(fault(FaultKind.CLOSE, 80)));
        assertThat(IntStream.range(0, 1_000).mapToObj(i -> faults.next())).doesNotContainNull();
        assertThat(three).extracting(ActiveFault::injected).containsExactly(100L, 100L, 800L);
    }

    @Test
    void sharesThemAmongThreads() throws Exception {
        ActiveFault fault = faults.add(fault(FaultKind.RESET, 10));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Long>> hits = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                hits.add(threads.submit(() -> IntStream.range(0, 10_000)
                        .mapToObj(n -> faults.next())
                        .filter(Objects::nonNull)
                        .count()));
            }
            long hit = 0;
            for (Future<Long> some : hits) {
                hit += some.get();
            }
            assertThat(hit).isEqualTo(fault.injected()).isEqualTo(4_000);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void hasRoomForAHundredPercent() {
        faults.add(fault(FaultKind.RESET, 60));
        assertThat(faults.roomPercent()).isEqualTo(40);
        assertThatThrownBy(() -> faults.add(fault(FaultKind.WRONG, 40.01)))
                .isInstanceOf(IllegalArgumentException.class);
        faults.add(fault(FaultKind.WRONG, 40));
        assertThat(faults.roomPercent()).isZero();
    }

    @Test
    void endsByItself() {
        ActiveFault fault = faults.add(new Fault(FaultKind.RESET, 100, Duration.ofMillis(50), Duration.ZERO));
        assertThat(faults.next()).isSameAs(fault);
        await().until(fault::isOver);
        assertThat(faults.next()).isNull();
        assertThat(faults.areThere()).isFalse();
    }

    @Test
    void endsWhenToldSo() {
        ActiveFault fault = faults.add(fault(FaultKind.STALL, 100));
        faults.end();
        assertThat(fault.isOver()).isTrue();
        assertThat(faults.active()).isEmpty();
        assertThat(faults.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 0.001, 100.01, 33.333, Double.NaN, Double.POSITIVE_INFINITY})
    void isNoPercentage(double percent) {
        assertThat(Fault.isPercent(percent)).isFalse();
    }

    private static Fault fault(FaultKind kind, double percent) {
        return new Fault(kind, percent, Duration.ofMinutes(1), Duration.ZERO);
    }
}
