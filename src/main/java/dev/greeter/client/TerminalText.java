package dev.greeter.client;

import dev.greeter.text.Printable;
import java.util.stream.Collectors;

/** Text from elsewhere, made harmless to a terminal. */
public final class TerminalText {
    private static final int MAX_QUOTED_CHARACTERS = 60;

    /** Longer than any name of a node or host. */
    private static final int MAX_BRIEF_CHARACTERS = 300;

    private TerminalText() {}

    /** Text from elsewhere in quotes: one line, short, and harmless to a terminal. */
    public static String quoted(String text) {
        boolean cut = text.length() > MAX_QUOTED_CHARACTERS;
        return '"' + visible(cut ? text.substring(0, MAX_QUOTED_CHARACTERS) : text) + (cut ? "\"..." : "\"");
    }

    /** Text from elsewhere in one line that is not much longer than what is expected there. */
    public static String brief(String text) {
        return visible(cut(text));
    }

    /** The same text as it is, no terminal's: so much of it is kept of what a server may say at any length. */
    public static String cut(String text) {
        return text.length() > MAX_BRIEF_CHARACTERS ? text.substring(0, MAX_BRIEF_CHARACTERS) + "..." : text;
    }

    /** Text from elsewhere with every control character and all beyond ASCII escaped. */
    public static String visible(String text) {
        return text.chars().mapToObj(c -> escaped((char) c)).collect(Collectors.joining());
    }

    /**
     * A text of many lines in any language, with every character escaped that controls a terminal or changes the direction in
     * which a line is read. A CR that belongs to the end of a line is left out.
     */
    public static String lines(String text) {
        return text.replace("\r\n", "\n")
                .codePoints()
                .mapToObj(c -> c == '\n' || c == '\t' || Printable.is(c)
                        ? Character.toString(c)
                        : visible(Character.toString(c)))
                .collect(Collectors.joining());
    }

    /** The same JSON in ASCII. Outside of its strings JSON has no other characters, and line ends that a terminal obeys. */
    public static String json(String json) {
        return json.chars()
                .mapToObj(c -> switch (c) {
                    case '\n', '\t' -> Character.toString(c);
                    case '\r' -> "";
                    default -> c >= ' ' && c <= '~' ? Character.toString(c) : String.format("\\u%04x", c);
                })
                .collect(Collectors.joining());
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
