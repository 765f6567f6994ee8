package dev.greeter.cli.options;

import dev.greeter.client.TerminalText;
import dev.greeter.config.value.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How long a client waits. */
public final class TimeoutOption {
    private static final Duration MAX = Duration.ofHours(1);

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = Converter.class,
            description = "How long one connection may take, from the connect to the end of the answer: 500ms, 5s, 2m."
                    + " Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ZERO;

    public Duration duration() {
        return timeout;
    }

    public static final class Converter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Durations.read(text)
                    .filter(duration -> duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(MAX) <= 0)
                    .orElseThrow(() -> new TypeConversionException(
                            TerminalText.quoted(text) + " is not a duration from 1ms to 60m, such as 500ms, 5s or 2m"));
        }
    }
}
