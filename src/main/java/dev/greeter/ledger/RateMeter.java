package dev.greeter.ledger;

import dev.greeter.bus.Stats;
import java.util.Arrays;

/** Counts events by second, for the last minute. */
final class RateMeter {
    private static final int WINDOW_SECONDS = 60;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** The current second and the whole ones before it. */
    private final long[] perSecond = new long[WINDOW_SECONDS + 1];

    private long second = Long.MIN_VALUE;

    void count(int events, long nowNanos) {
        advance(nowNanos);
        perSecond[slot(second)] += events;
    }

    /** The rates over the last whole second and over the last sixty whole seconds. */
    Stats.Rate rate(long nowNanos) {
        advance(nowNanos);
        long window = Arrays.stream(perSecond).sum() - perSecond[slot(second)];
        return new Stats.Rate(perSecond[slot(second - 1)], window / (double) WINDOW_SECONDS);
    }

    private void advance(long nowNanos) {
        long now = Math.floorDiv(nowNanos, NANOS_PER_SECOND);
        if (now == second) {
            return;
        }
        if (second == Long.MIN_VALUE || now - second > WINDOW_SECONDS) {
            Arrays.fill(perSecond, 0);
        } else {
            for (long passed = second + 1; passed <= now; passed++) {
                perSecond[slot(passed)] = 0;
            }
        }
        second = now;
    }

    private int slot(long ofSecond) {
        return (int) Math.floorMod(ofSecond, (long) perSecond.length);
    }
}
