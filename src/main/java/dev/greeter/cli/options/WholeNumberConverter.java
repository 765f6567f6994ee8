package dev.greeter.cli.options;

import dev.greeter.client.TerminalText;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a whole number within limits. */
public abstract class WholeNumberConverter implements ITypeConverter<Long> {
    /** It fits into 64 bits with room to add. */
    private static final long MAX = 999_999_999_999_999_999L;

    private static final Pattern DIGITS = Pattern.compile("\\d{1,18}");

    private final long min;
    private final long max;

    private WholeNumberConverter(long min, long max) {
        this.min = min;
        this.max = max;
    }

    @Override
    public Long convert(String text) {
        long number = DIGITS.matcher(text).matches() ? Long.parseLong(text) : -1;
        if (number < min || number > max) {
            throw new TypeConversionException(
                    TerminalText.quoted(text) + " is not a whole number from " + min + " to " + max);
        }
        return number;
    }

    /** From 1 on. */
    public static final class Positive extends WholeNumberConverter {
        Positive() {
            super(1, MAX);
        }
    }

    /** From 0 on. */
    public static final class NotNegative extends WholeNumberConverter {
        NotNegative() {
            super(0, MAX);
        }
    }

    /** A number of connections of one form. */
    public static final class Connections extends WholeNumberConverter {
        private static final int MAX_CONNECTIONS = 10_000;

        Connections() {
            super(1, MAX_CONNECTIONS);
        }
    }
}
