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
        return Printable.excerpt(origin) + ": " + Printable.excerpt(name) + " is \"" + Printable.excerpt(text) + "\", "
                + why;
    }

    /** The same with a secret's text hidden. */
    Setting masked() {
        return new Setting(name, ValueType.MASK, origin);
    }
}
