package dev.greeter.http;

import java.util.List;
import java.util.Locale;

/**
 * The alternatives that a header such as {@code accept} names, each with its weight (RFC 9110, section 12.4.2). Other
 * parameters are ignored.
 */
public final class QualityValues {
    /** Weights are in thousandths, because they have three decimals at most. */
    static final int MOST = 1_000;

    static final int UNNAMED = -1;

    private final String header;

    private QualityValues(String header) {
        this.header = header;
    }

    /**
     * Reads a header.
     *
     * @param lines the header's values: several lines are one list
     */
    public static QualityValues of(List<String> lines) {
        return new QualityValues(lines.size() == 1 ? lines.get(0) : String.join(",", lines));
    }

    /** Returns the weight, in thousandths, of the first of these names that the header has, or zero. */
    public int firstOf(String... names) {
        for (String name : names) {
            int weight = of(name);
            if (weight != UNNAMED) {
                return weight;
            }
        }
        return 0;
    }

    /** Returns the weight of the name, from 0 to {@link #MOST}, or {@link #UNNAMED}. */
    public int of(String name) {
        int start = 0;
        while (start < header.length()) {
            int comma = header.indexOf(',', start);
            int end = comma < 0 ? header.length() : comma;
            int semicolon = header.indexOf(';', start);
            int nameEnd = semicolon < 0 || semicolon > end ? end : semicolon;
            if (isTrimmed(name, start, nameEnd)) {
                return weight(nameEnd, end);
            }
            start = end + 1;
        }
        return UNNAMED;
    }

    private boolean isTrimmed(String name, int from, int to) {
        int start = from;
        while (start < to && isBlank(header.charAt(start))) {
            start++;
        }
        int end = to;
        while (end > start && isBlank(header.charAt(end - 1))) {
            end--;
        }
        return end - start == name.length() && header.regionMatches(true, start, name, 0, name.length());
    }

    private int weight(int from, int to) {
        for (String parameter : header.substring(from, to).split(";", -1)) {
            String trimmed = parameter.strip().toLowerCase(Locale.ROOT);
            if (trimmed.startsWith("q=")) {
                return thousandths(trimmed.substring(2));
            }
        }
        return MOST;
    }

    /** A malformed weight counts as zero, because it asks for nothing clearly. */
    private static int thousandths(String value) {
        if (!value.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?")) {
            return 0;
        }
        String digits = value.replace(".", "");
        return Integer.parseInt(digits + "0".repeat(4 - digits.length()));
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
