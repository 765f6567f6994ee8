package dev.greeter.cli.options;

import dev.greeter.client.TerminalText;
import dev.greeter.config.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration of any length that nanoseconds can hold. */
public final class DurationConverter implements ITypeConverter<Duration> {
    /** Some 285 years: its sum with the time since the machine's start fits too. */
    private static final Duration MAX = Duration.ofHours(2_500_000);

    @Override
    public Duration convert(String text) {
        return Durations.read(text)
                .filter(read -> !read.isZero() && read.compareTo(MAX) <= 0)
                .orElseThrow(() ->
                        new TypeConversionException(TerminalText.quoted(text) + " is not a duration over 0 and up to "
                                + Durations.text(MAX) + ", such as 500ms, 30s or 10m"));
    }
}
