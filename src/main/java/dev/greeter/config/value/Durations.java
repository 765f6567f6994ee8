package dev.greeter.config.value;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How durations are written, in the configuration as on the command line: {@code 500ms}, {@code 5s}, {@code 2m}. */
public final class Durations {
    private static final Pattern SYNTAX = Pattern.compile("(\\d{1,9})(ms|s|m)");

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
                    default -> Duration.ofMinutes(amount);
                });
    }

    /** The inverse of {@link #read}, for whole milliseconds. */
    public static String text(Duration duration) {
        if (duration.toMillisPart() != 0) {
            return duration.toMillis() + "ms";
        }
        boolean minutes = duration.toSecondsPart() == 0 && duration.toMinutes() > 1;
        return minutes ? duration.toMinutes() + "m" : duration.toSeconds() + "s";
    }
}
