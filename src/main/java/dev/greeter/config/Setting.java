package dev.greeter.config;

import dev.greeter.text.Printable;

/**
 * The text of a value that an operator set.
 *
 * @param name the key as it was written
 * @param origin where it was written, such as {@code conf/greeter.yaml:12}
 */
record Setting(String name, String text, String origin) {
    /** The error line, which is one line whatever the operator wrote. */
    String refused(String why) {
        // a key's contents where its file belongs
        String shown = text.contains(ValueType.PEM) ? ValueType.MASK : text;
        return Printable.excerpt(origin) + ": " + Printable.excerpt(name) + " is \"" + Printable.excerpt(shown) + "\", "
                + why;
    }

    /** The same, with the text hidden if it is secret. */
    Setting maskedIf(boolean secret) {
        return secret ? new Setting(name, ValueType.MASK, origin) : this;
    }
}
