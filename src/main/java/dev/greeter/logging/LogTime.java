package dev.greeter.logging;

import java.time.LocalTime;

/** The time in log lines. By hand, because a formatter takes longer to set up than the rest of a line. */
final class LogTime {
    private static final int NANOS_PER_MILLI = 1_000_000;

    private LogTime() {}

    /** Appends {@code 06:16:00.000}. */
    static void append(StringBuilder line, LocalTime time) {
        append(line, time.getHour(), 2).append(':');
        append(line, time.getMinute(), 2).append(':');
        append(line, time.getSecond(), 2).append('.');
        append(line, time.getNano() / NANOS_PER_MILLI, 3);
    }

    private static StringBuilder append(StringBuilder line, int number, int digits) {
        String shown = Integer.toString(number);
        return line.append("0".repeat(digits - shown.length())).append(shown);
    }
}
