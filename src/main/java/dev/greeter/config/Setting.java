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
            if (Character.isISOControl(c) || Character.getType(c) == Character.LINE_SEPARATOR) {
                visible.append(String.format("\\u%04x", c));
            } else {
                visible.appendCodePoint(c);
            }
        });
        return text.codePointCount(0, text.length()) > MAX_SHOWN_CHARACTERS ? visible + "…" : visible.toString();
    }
}
