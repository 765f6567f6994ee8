package dev.greeter.config.value;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How durations are written, in the configuration as on the command line: {@code 500ms}, {@code 5s}, {@code 2m}, {@code 36h}, {@code 14d}. */
public final class Durations {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private Durations() {}

    /** Nothing if the text is no duration. */
    public static Optional<Duration> read(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                });
    }

    /** The inverse of {@link #read}, for whole milliseconds. */
    public static String text(Duration duration) {
        if (duration.toMillisPart() != 0) {
            return duration.toMillis() + "ms";
        }
        if (duration.toSecondsPart() != 0 || duration.toMinutes() <= 1) {
            return duration.toSeconds() + "s";
        }
        // the largest unit of which there are several
        if (duration.toMinutesPart() != 0 || duration.toHours() <= 1) {
            return duration.toMinutes() + "m";
        }
        boolean days = duration.toHoursPart() == 0 && duration.toDays() > 1;
        return days ? duration.toDays() + "d" : duration.toHours() + "h";
    }
}
