package dev.greeter.cli.probe;

import dev.greeter.cli.options.TimeoutOption;
import dev.greeter.cli.options.WholeNumberConverter;
import dev.greeter.client.TerminalText;
import dev.greeter.probe.load.Load;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** How many exchanges a probe makes, and for how long. */
final class LoadOptions {
    private static final double MAX_RATE = 1_000_000;
    private static final Pattern NUMBER = Pattern.compile("\\d{0,20}\\.?\\d{1,20}(?:[eE][+-]?\\d{1,3})?");
    private static final Duration DEFAULT_DURATION = Duration.ofSeconds(10);

    /** Exchanges a second; empty for as many as are answered. */
    record Rate(OptionalDouble perSecond) {
        static final class Converter implements ITypeConverter<Rate> {
            @Override
            public Rate convert(String text) {
                if (text.equals("max")) {
                    return new Rate(OptionalDouble.empty());
                }
                double rate = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : 0;
                if (rate > 0 && rate <= MAX_RATE) {
                    return new Rate(OptionalDouble.of(rate));
                }
                throw new TypeConversionException(
                        TerminalText.quoted(text) + " is neither max nor a number a second, over 0 and up to 1000000");
            }
        }
    }

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--rate",
            paramLabel = "NUMBER",
            defaultValue = "100",
            converter = Rate.Converter.class,
            description =
                    "Exchanges a second in each form, on a schedule that waits for no answer; max for as many as are"
                            + " answered. Default: ${DEFAULT-VALUE}.")
    private Rate rate = new Rate(OptionalDouble.empty());

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            description = "How long: 500ms, 30s, 10m. Default: 10s, or as --count takes.")
    private @Nullable Duration duration;

    @Option(
            names = "--count",
            paramLabel = "N",
            converter = WholeNumberConverter.Positive.class,
            description = "How many exchanges in each form.")
    private @Nullable Long count;

    @Option(names = "--forever", description = "Watch until it is ended, and serve --metrics meanwhile.")
    private boolean forever;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "4",
            converter = WholeNumberConverter.Connections.class,
            description = "Connections of each persistent form, and with --rate max of each form. Default:"
                    + " ${DEFAULT-VALUE}.")
    private long connections;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = TimeoutOption.Converter.class,
            description = "How long an exchange may take, from when it was meant to begin. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = "--warmup",
            paramLabel = "DURATION",
            description = "Do the same for that long before, and count nothing of it. Default: none.")
    private Duration warmup = Duration.ZERO;

    Load load() {
        check();
        return new Load(
                rate.perSecond(),
                count == null ? OptionalLong.empty() : OptionalLong.of(count),
                duration != null ? duration : count != null || forever ? Duration.ZERO : DEFAULT_DURATION);
    }

    boolean isForever() {
        return forever;
    }

    int connections() {
        return Math.toIntExact(connections);
    }

    Duration timeout() {
        return timeout;
    }

    Duration warmup() {
        return warmup;
    }

    private void check() {
        if (forever && (count != null || duration != null)) {
            throw misuse("--forever does not end by itself: leave out --duration and --count");
        }
    }

    private ParameterException misuse(String why) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), why);
    }
}
