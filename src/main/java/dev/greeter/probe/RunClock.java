package dev.greeter.probe;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of one run: read once from the system's clock, and counted on by the monotonic one, so that who sets the clock
 * meanwhile moves no time of a report.
 *
 * @param nanos the same moment as {@code startedAt}, by {@link System#nanoTime}
 */
record RunClock(Instant startedAt, long nanos) {
    static RunClock start(InstantSource wall) {
        return new RunClock(wall.instant(), System.nanoTime());
    }

    Instant at(long thenNanos) {
        return startedAt.plusNanos(thenNanos - nanos);
    }

    Instant now() {
        return at(System.nanoTime());
    }
}
