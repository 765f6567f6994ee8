package dev.greeter.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoopClockTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private long now = Long.MAX_VALUE - SECOND.toNanos();
    private final LoopClock clock = new LoopClock(() -> now);
    private final Deadline deadline = clock.deadline();

    @Test
    void isOverOneTickAfterItsMoment() {
        deadline.in(SECOND);
        tickFor(SECOND);
        assertThat(deadline.isOver()).isFalse();
        tick(LoopClock.INTERVAL);
        assertThat(deadline.isOver()).isTrue();
    }

    @Test
    void isNeverOverWhileItIsNotSet() {
        tickFor(Duration.ofHours(1));
        assertThat(deadline.isOver()).isFalse();
        deadline.in(SECOND);
        assertThat(deadline.isSet()).isTrue();
        deadline.clear();
        assertThat(deadline.isSet()).isFalse();
        tickFor(Duration.ofHours(1));
        assertThat(deadline.isOver()).isFalse();
    }

    @Test
    void countsLittleOfAPause() {
        deadline.in(SECOND);
        tick(Duration.ofHours(1));
        tick(LoopClock.INTERVAL);
        assertThat(deadline.isOver()).isFalse();
        tickFor(SECOND.minus(LoopClock.MAX_STEP));
        assertThat(deadline.isOver()).isTrue();
    }

    @Test
    void knowsHowLongItPaused() {
        tickFor(SECOND);
        assertThat(clock.pausedNanos()).isZero();
        now += SECOND.toNanos();
        assertThat(clock.pausedNanos())
                .isEqualTo(SECOND.minus(LoopClock.MAX_STEP).toNanos());
        tick(Duration.ZERO);
        tickFor(SECOND);
        assertThat(clock.pausedNanos())
                .isEqualTo(SECOND.minus(LoopClock.MAX_STEP).toNanos());
    }

    @Test
    void countsLittleOfAPauseUnderWhichADeadlineIsSet() {
        now += Duration.ofHours(1).toNanos();
        deadline.in(SECOND);
        tick(Duration.ZERO);
        tickFor(SECOND);
        assertThat(deadline.isOver()).isFalse();
        tick(LoopClock.INTERVAL);
        assertThat(deadline.isOver()).isTrue();
    }

    @Test
    void readsBetweenAPauseAndTheVerdict() {
        deadline.in(LoopClock.INTERVAL);
        tick(Duration.ofHours(1));
        assertThat(deadline.isOver()).isFalse();
        tick(LoopClock.INTERVAL);
        assertThat(deadline.isOver()).isTrue();
    }

    @Test
    void isBroughtForwardButNotPutOff() {
        deadline.in(SECOND);
        deadline.inAtMost(SECOND.multipliedBy(2));
        deadline.inAtMost(LoopClock.INTERVAL);
        tickFor(LoopClock.INTERVAL.multipliedBy(2));
        assertThat(deadline.isOver()).isTrue();
    }

    private void tickFor(Duration duration) {
        for (Duration left = duration; left.compareTo(Duration.ZERO) > 0; left = left.minus(LoopClock.INTERVAL)) {
            tick(LoopClock.INTERVAL);
        }
    }

    private void tick(Duration after) {
        now += after.toNanos();
        clock.tick();
    }
}
