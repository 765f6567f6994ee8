package dev.greeter.cli;

import dev.greeter.config.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration of any length. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return Durations.read(text)
                .filter(read -> !read.isZero())
                .orElseThrow(() -> new TypeConversionException(
                        Why.quoted(text) + " is not a duration over 0, such as 500ms, 30s or 10m"));
    }
}
