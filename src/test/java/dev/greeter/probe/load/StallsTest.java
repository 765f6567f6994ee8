package dev.greeter.probe.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.probe.measure.Loss;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** At 100 exchanges a second, one each 10 ms. */
class StallsTest {
    private static final Loss RESET = Loss.of(Loss.Kind.RESET, "");
    private static final long MILLI = 1_000_000L;
    private static final long START = -7_000 * MILLI;

    private final Stalls stalls = new Stalls(new Schedule(Load.open(100, Duration.ofMinutes(1))), START);

    @Test
    void countsFromTheIntendedTimeWhileTicksCome() {
        stalls.expect(at(5));
        assertThat(stalls.lag(at(14))).isZero();
        assertThat(stalls.due(at(14))).isEqualTo(2);
        PendingExchange exchange = stalls.begin(1, 101);
        assertThat(exchange.fromNanos).isEqualTo(at(10));
        assertThat(exchange.stalledNanos).isZero();
        assertThat(exchange.behind).isFalse();
    }

    @Test
    void catchesUpAtTwiceTheRateAndNoFaster() {
        stalls.expect(at(95));
        assertThat(stalls.lag(at(1_095))).isEqualTo(1_000 * MILLI);
        stalls.ended(at(1_095), 10);
        assertThat(stalls.due(at(1_095))).isEqualTo(11);
        assertThat(stalls.nextNanos(11)).isEqualTo(at(1_100));
        assertThat(stalls.due(at(1_100))).isEqualTo(12);
        assertThat(stalls.due(at(1_595))).isEqualTo(111);
        assertThat(stalls.due(at(2_095))).isEqualTo(210).isEqualTo(1 + 2_095 / 10);
        assertThat(stalls.due(at(3_000))).as("on schedule again").isEqualTo(301);
        assertThat(stalls.nextNanos(301)).isEqualTo(at(3_010));
    }

    @Test
    void countsWhatIsBehindFromWhenItsTurnCame() {
        stalls.expect(at(95));
        stalls.ended(at(1_095), 10);
        PendingExchange before = stalls.begin(9, 9);
        assertThat(before.fromNanos).isEqualTo(at(90));
        assertThat(before.stalledNanos).isZero();
        PendingExchange first = stalls.begin(10, 10);
        assertThat(first.fromNanos).isEqualTo(at(1_095));
        assertThat(first.stalledNanos).isEqualTo(1_000 * MILLI);
        assertThat(first.behind).isTrue();
        assertThat(first.harmed).isTrue();
        assertThat(stalls.begin(110, 110).fromNanos).isEqualTo(at(1_595));
        PendingExchange onTime = stalls.begin(250, 250);
        assertThat(onTime.fromNanos).isEqualTo(at(2_500));
        assertThat(onTime.behind).isFalse();
        assertThat(onTime.harmed).isFalse();
    }

    @Test
    void beginsAnewWithAStallWithinAnother() {
        stalls.expect(at(95));
        stalls.ended(at(1_095), 10);
        stalls.expect(at(1_100));
        stalls.ended(at(1_200), 12);
        assertThat(stalls.due(at(1_200))).isEqualTo(13);
        assertThat(stalls.begin(11, 11).fromNanos).isEqualTo(at(1_100));
        assertThat(stalls.begin(12, 12).fromNanos).isEqualTo(at(1_200));
        assertThat(stalls.begin(12, 12).stalledNanos).isEqualTo(1_100 * MILLI);
    }

    @Test
    void takesNoMemoryWhereNothingIsDue() {
        for (long i = 0; i < 1_000_000; i++) {
            stalls.expect(at(20 * i));
            stalls.ended(at(20 * i + 11), 5);
        }
        assertThat(stalls.begin(5, 5).behind).isTrue();
    }

    @Test
    void doesNoHarmByAShortOne() {
        stalls.expect(at(95));
        stalls.ended(at(195), 10);
        assertThat(stalls.begin(10, 10).behind).isTrue();
        assertThat(stalls.begin(10, 10).harmed).isFalse();
    }

    @Test
    void harmsAllThatIsBehindALongOneWhateverShortOnesFollow() {
        stalls.expect(at(95));
        stalls.ended(at(1_095), 10);
        stalls.expect(at(1_100));
        stalls.ended(at(1_120), 12);
        assertThat(stalls.begin(12, 12).harmed).isTrue();
    }

    @Test
    void takesRejectionsOfWhatIsBehindForItsOwn() {
        stalls.expect(at(95));
        stalls.ended(at(195), 10);
        PendingExchange behind = stalls.begin(10, 10);
        assertThat(stalls.harmed(behind, Loss.rejected("busy", ""), at(195))).isTrue();
        assertThat(stalls.harmed(behind, RESET, at(195))).isFalse();
    }

    @Test
    void harmsWhatIsUnderWayByALongOneOnly() {
        PendingExchange exchange = stalls.begin(0, 0);
        for (int i = 1; i <= 10; i++) {
            stalls.expect(at(200L * i - 100));
            stalls.ended(at(200L * i), 5);
        }
        assertThat(stalls.harmed(exchange, RESET, at(2_000))).isFalse();
        stalls.expect(at(2_001));
        assertThat(stalls.harmed(exchange, RESET, at(2_501))).isTrue();
        stalls.ended(at(2_501), 5);
        stalls.expect(at(2_502));
        assertThat(stalls.harmed(exchange, RESET, at(2_502))).isTrue();
    }

    @Test
    void addsUpWhatStoodStillWhileAnExchangeWasUnderWay() {
        stalls.expect(at(5));
        PendingExchange exchange = stalls.begin(0, 0);
        // read after the stall and before the tick that notices it
        assertThat(stalls.stalled(at(105)) - exchange.stalledNanos).isEqualTo(100 * MILLI);
        stalls.ended(at(105), 1);
        stalls.expect(at(106));
        assertThat(stalls.stalled(at(107))).isEqualTo(100 * MILLI);
        assertThat(stalls.stalled(at(156))).isEqualTo(150 * MILLI);
    }

    private static long at(long millis) {
        return START + millis * MILLI;
    }
}
