package dev.greeter.probe.measure;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The time of one run: read once from the system's clock, and counted on by the monotonic one, so that a clock that is set
 * meanwhile moves no time of a report.
 *
 * @param nanos the same moment as {@code startedAt}, by {@link System#nanoTime}
 */
public record RunClock(Instant startedAt, long nanos) {
    public static RunClock start(InstantSource wall) {
        return new RunClock(wall.instant(), System.nanoTime());
    }

    Instant at(long thenNanos) {
        return startedAt.plusNanos(thenNanos - nanos);
    }

    public Instant now() {
        return at(System.nanoTime());
    }
}
