package dev.greeter.config;

import java.time.Duration;
import java.util.Optional;

/** How durations are written, in the configuration as on the command line: {@code 500ms}, {@code 5s}, {@code 2m}. */
public final class Durations {
    private Durations() {}

    /** Nothing if the text is no duration. */
    public static Optional<Duration> read(String text) {
        return ValueType.duration(text);
    }

    /** The inverse of {@link #read}, whole milliseconds assumed. */
    public static String text(Duration duration) {
        return ValueType.shown(duration);
    }
}
