package dev.greeter.probe.load;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How many exchanges are made in each scenario.
 *
 * @param perSecond the fixed rate of an open loop; empty for a closed loop, where the next exchange begins as soon as one is answered
 * @param count how many exchanges; empty for as many as fit into the duration
 * @param duration how long at most; zero for no limit
 */
public record Load(OptionalDouble perSecond, OptionalLong count, Duration duration) {
    public static Load open(double perSecond, Duration duration) {
        return new Load(OptionalDouble.of(perSecond), OptionalLong.empty(), duration);
    }

    public static Load openCount(double perSecond, long count) {
        return new Load(OptionalDouble.of(perSecond), OptionalLong.of(count), Duration.ZERO);
    }

    public static Load closed(Duration duration) {
        return new Load(OptionalDouble.empty(), OptionalLong.empty(), duration);
    }

    public static Load closedCount(long count) {
        return new Load(OptionalDouble.empty(), OptionalLong.of(count), Duration.ZERO);
    }

    /** The same rate for another time. */
    public Load lasting(Duration other) {
        return new Load(perSecond, OptionalLong.empty(), other);
    }
}
