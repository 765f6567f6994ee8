package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
