package dev.greeter.cli.options;

import dev.greeter.client.GreetingTarget;
import dev.greeter.client.TerminalText;
import dev.greeter.client.Url;
import dev.greeter.config.value.Durations;
import dev.greeter.config.value.FilePath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options and arguments. A {@link TypeConversionException} quotes the value and says what is allowed. */
public final class Converters {
    /** Some 285 years: its sum with the time since the machine's start fits too. */
    private static final Duration MAX_DURATION = Duration.ofHours(2_500_000);

    /** A password must not be in a log. */
    private static final Pattern USER = Pattern.compile("(^|//)[^/?#]*@");

    private Converters() {}

    /** Reads {@code [tls://]HOST[:PORT]} of a greeting server. */
    public static GreetingTarget server(String text) {
        try {
            return GreetingTarget.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(TerminalText.quoted(text)
                    + " is not [tls://]HOST[:PORT], such as localhost:1234 or [::1]:1234: " + e.getMessage());
        }
    }

    /** Reads a URL; without a scheme it is {@code http}. */
    public static Url url(String text) {
        try {
            return Url.parse(text);
        } catch (IllegalArgumentException e) {
            String shown = USER.matcher(text).replaceFirst("$1***@");
            throw new TypeConversionException(
                    TerminalText.quoted(shown) + " is not a URL such as http://localhost:8080/: " + e.getMessage());
        }
    }

    /** Reads a duration of any length that nanoseconds can hold. */
    public static Duration duration(String text) {
        return Durations.read(text)
                .filter(read -> !read.isZero() && read.compareTo(MAX_DURATION) <= 0)
                .orElseThrow(() ->
                        new TypeConversionException(TerminalText.quoted(text) + " is not a duration over 0 and up to "
                                + Durations.text(MAX_DURATION) + ", such as 500ms, 30s or 10m"));
    }

    /** Reads a file's path. */
    public static Path path(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("the file's name is empty");
        }
        try {
            return FilePath.of(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(TerminalText.quoted(text) + " " + e.getMessage());
        }
    }
}
