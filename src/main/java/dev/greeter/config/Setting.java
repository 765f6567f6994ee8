package dev.greeter.config;

/**
 * The text of a value that an operator set.
 *
 * @param name the key as it was written
 * @param origin where it was written, such as {@code conf/greeter.yaml:12}
 */
record Setting(String name, String text, String origin) {
    private static final int MAX_SHOWN_CHARACTERS = 100;

    /** The error line, which is one line whatever the operator wrote. */
    String refused(String why) {
        return visible(origin) + ": " + visible(name) + " is \"" + visible(text) + "\", " + why;
    }

    /** The same with a secret's text hidden. */
    Setting masked() {
        return new Setting(name, ValueType.MASK, origin);
    }

    static String visible(String text) {
        StringBuilder visible = new StringBuilder();
        text.codePoints().limit(MAX_SHOWN_CHARACTERS).forEach(c -> {
            if (isPrintable(c)) {
                visible.appendCodePoint(c);
            } else {
                visible.append(String.format("\\u%04x", c));
            }
        });
        return text.codePointCount(0, text.length()) > MAX_SHOWN_CHARACTERS ? visible + "…" : visible.toString();
    }

    /** Whether it ends no line, controls no terminal, and leaves the direction of the text as it is. */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
