package dev.greeter.probe.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.value.Durations;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void isFixedBeforeTheFirstExchange() {
        Schedule schedule = new Schedule(Load.open(200, Duration.ofSeconds(2)));
        assertThat(schedule.total()).isEqualTo(400);
        assertThat(schedule.intendedNanos(0)).isZero();
        assertThat(schedule.intendedNanos(1)).isEqualTo(5_000_000);
        assertThat(schedule.intendedNanos(399)).isEqualTo(1_995_000_000);
        assertThat(schedule.due(-1)).isZero();
        assertThat(schedule.due(0)).isEqualTo(1);
        assertThat(schedule.due(4_999_999)).isEqualTo(1);
        assertThat(schedule.due(5_000_000)).isEqualTo(2);
        assertThat(schedule.due(100 * SECOND)).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 10s, 30",
        "33.3, 10s, 333",
        "0.1, 30s, 3",
        "0.01, 100s, 1",
        "0.01, 101s, 2",
        "0.7, 10s, 7",
        "1.1, 10s, 11",
        "0.3, 3s, 1",
        "99.9, 1000s, 99900",
        "123456.7, 10s, 1234567",
        "1000000, 86400s, 86400000000",
        "0.0000001, 1s, 1"
    })
    void hasExactlyTheExchangesOfItsRateAndTime(double perSecond, String duration, long exchanges) {
        Duration time = Durations.read(duration).orElseThrow();
        Schedule schedule = new Schedule(Load.open(perSecond, time));
        assertThat(schedule.total()).isEqualTo(exchanges);
        assertThat(schedule.due(time.toNanos() - 1)).isEqualTo(exchanges);
        assertThat(schedule.intendedNanos(exchanges - 1)).isLessThan(time.toNanos());
        assertThat(new Schedule(Load.openCount(perSecond, 1_000_000_000)).intendedNanos(exchanges))
                .isGreaterThanOrEqualTo(time.toNanos());
    }

    @Test
    void outlastsWhatNanosecondsCanHold() {
        Schedule schedule = new Schedule(Load.openCount(1e-300, Long.MAX_VALUE));
        assertThat(schedule.intendedNanos(0)).isZero();
        assertThat(schedule.intendedNanos(1)).isEqualTo(Long.MAX_VALUE);
        assertThat(schedule.due(Long.MAX_VALUE)).isEqualTo(1);
        assertThat(new Schedule(Load.openCount(1e6, Long.MAX_VALUE)).due(Long.MAX_VALUE))
                .isEqualTo(9_223_372_036_854_776L);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 7, 333, 19_999, 123_456.7, 1_000_000})
    void neverMakesAnExchangeBeforeItsTimeNorMissesOne(double perSecond) {
        Schedule schedule = new Schedule(Load.open(perSecond, Duration.ofMinutes(10)));
        for (long index = 0; index < Math.min(schedule.total(), 200_000); index++) {
            long intended = schedule.intendedNanos(index);
            assertThat(schedule.due(intended)).isGreaterThan(index);
            assertThat(schedule.due(intended - 1)).isLessThanOrEqualTo(index);
        }
    }

    @Test
    void endsByCountOrTimeWhicheverIsFirst() {
        assertThat(new Schedule(Load.openCount(10, 7)).total()).isEqualTo(7);
        assertThat(new Schedule(Load.open(0.4, Duration.ofSeconds(10))).total()).isEqualTo(4);
        Schedule closed = new Schedule(Load.closed(Duration.ofSeconds(1)));
        assertThat(closed.isOpen()).isFalse();
        assertThat(closed.isOver(1_000_000, SECOND - 1)).isFalse();
        assertThat(closed.isOver(0, SECOND)).isTrue();
        assertThat(new Schedule(Load.closedCount(5)).isOver(5, 0)).isTrue();
    }
}
