package dev.greeter.faults;

import java.time.Duration;

/**
 * A fault on demand, as a request defines it.
 *
 * @param percent of the server's exchanges, from 0.01 to 100, with two decimals at most
 * @param lasts after which it ends by itself
 * @param delay of a {@link FaultKind#DELAY}; zero for all others
 */
public record Fault(FaultKind kind, double percent, Duration lasts, Duration delay) {
    static final int STEPS_A_PERCENT = 100;
    static final int ALL_STEPS = 100 * STEPS_A_PERCENT;

    public Fault {
        if (!isPercent(percent)) {
            throw new IllegalArgumentException("percent is " + percent);
        }
    }

    /** Whether a fault may hit this percentage. */
    public static boolean isPercent(double percent) {
        long steps = Math.round(percent * STEPS_A_PERCENT);
        return steps >= 1 && steps <= ALL_STEPS && percent == (double) steps / STEPS_A_PERCENT;
    }

    int steps() {
        return (int) Math.round(percent * STEPS_A_PERCENT);
    }
}
