package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StallsTest {
    private static final long MILLI = 1_000_000L;

    private final Stalls stalls = new Stalls();

    @Test
    void countsFromTheIntendedTimeWhileTicksCome() {
        stalls.expect(5 * MILLI);
        assertThat(stalls.lag(14 * MILLI)).isZero();
        Pending exchange = stalls.begin(0, 100, 3 * MILLI);
        assertThat(exchange.fromNanos).isEqualTo(3 * MILLI);
        assertThat(exchange.stoodNanos).isZero();
    }

    @Test
    void countsFromTheEndOfAStallWhatCameToItsTimeDuringIt() {
        stalls.expect(5 * MILLI);
        assertThat(stalls.lag(505 * MILLI)).isEqualTo(500 * MILLI);
        stalls.ended(505 * MILLI, 10, 20);
        assertThat(stalls.begin(9, 9, 4 * MILLI).fromNanos).isEqualTo(4 * MILLI);
        assertThat(stalls.begin(10, 10, 6 * MILLI).fromNanos).isEqualTo(505 * MILLI);
        assertThat(stalls.begin(19, 19, 400 * MILLI).fromNanos).isEqualTo(505 * MILLI);
        assertThat(stalls.begin(20, 20, 501 * MILLI).fromNanos).isEqualTo(501 * MILLI);
        assertThat(stalls.begin(21, 21, 600 * MILLI).stoodNanos).isEqualTo(500 * MILLI);
    }

    @Test
    void addsUpWhatStoodStillWhileAnExchangeWasUnderWay() {
        stalls.expect(5 * MILLI);
        Pending exchange = stalls.begin(0, 0, 1 * MILLI);
        // read after the stall and before the tick that notices it
        assertThat(stalls.stood(105 * MILLI) - exchange.stoodNanos).isEqualTo(100 * MILLI);
        stalls.ended(105 * MILLI, 1, 1);
        stalls.expect(106 * MILLI);
        assertThat(stalls.stood(107 * MILLI)).isEqualTo(100 * MILLI);
        assertThat(stalls.stood(156 * MILLI)).isEqualTo(150 * MILLI);
    }
}
