package dev.greeter.probe.measure;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Numbers and times in text for people. */
public final class Units {
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private Units() {}

    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** An instant in UTC, to the millisecond. */
    public static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** A duration to about its size: whole days, or hours, or minutes. */
    public static String rough(Duration duration) {
        if (duration.toDays() > 1) {
            return duration.toDays() + " days";
        }
        return duration.toHours() > 1 ? duration.toHours() + " hours" : duration.toMinutes() + " minutes";
    }

    public static String latency(Duration duration) {
        return latency(duration.toNanos() / NANOS_PER_MICRO);
    }

    /** Microseconds in the largest unit that leaves a digit before the point. */
    public static String latency(long micros) {
        if (micros < MICROS_PER_MILLI) {
            return micros + "us";
        }
        return micros < MICROS_PER_SECOND
                ? String.format(Locale.ROOT, "%.1fms", (double) micros / MICROS_PER_MILLI)
                : String.format(Locale.ROOT, "%.1fs", (double) micros / MICROS_PER_SECOND);
    }
}
