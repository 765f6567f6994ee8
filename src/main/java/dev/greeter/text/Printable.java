package dev.greeter.text;

/**
 * The characters that a line may have as they are. Text that others send must not end a line, control a terminal, or change the
 * direction in which the rest of the line is read.
 */
public final class Printable {
    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_OF_ASCII = '~';
    private static final int MAX_EXCERPT_CHARACTERS = 100;

    private Printable() {}

    /** A half of a pair of surrogates is not printable. Nor is what this JDK's Unicode does not know, which may be a control. */
    public static boolean is(int codePoint) {
        if (codePoint <= LAST_OF_ASCII) {
            return codePoint >= FIRST_PRINTABLE;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    /** The beginning of a text, in one short line: characters that are not printable are escaped as in Java. */
    public static String excerpt(String text) {
        StringBuilder excerpt = new StringBuilder();
        text.codePoints().limit(MAX_EXCERPT_CHARACTERS).forEach(c -> {
            if (is(c)) {
                excerpt.appendCodePoint(c);
            } else {
                excerpt.append(String.format("\\u%04x", c));
            }
        });
        return text.codePointCount(0, text.length()) > MAX_EXCERPT_CHARACTERS ? excerpt + "…" : excerpt.toString();
    }
}
