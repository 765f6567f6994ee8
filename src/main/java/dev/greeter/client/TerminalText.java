package dev.greeter.client;

import java.util.stream.Collectors;

/** Text from elsewhere, made harmless to a terminal. */
public final class TerminalText {
    private static final int MAX_QUOTED_CHARACTERS = 60;

    private TerminalText() {}

    /** Text from elsewhere in quotes: one line, short, and harmless to a terminal. */
    public static String quoted(String text) {
        boolean cut = text.length() > MAX_QUOTED_CHARACTERS;
        return '"' + visible(cut ? text.substring(0, MAX_QUOTED_CHARACTERS) : text) + (cut ? "\"..." : "\"");
    }

    /** Text from elsewhere with every control character and all beyond ASCII escaped. */
    public static String visible(String text) {
        return text.chars().mapToObj(c -> escaped((char) c)).collect(Collectors.joining());
    }

    private static String escaped(char c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            default ->
                c >= ' ' && c <= '~' ? String.valueOf(c) : String.format(c < 0x100 ? "\\x%02x" : "\\u%04x", (int) c);
        };
    }
}
