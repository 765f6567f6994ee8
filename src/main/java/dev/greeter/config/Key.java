package dev.greeter.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One key that an operator may set.
 *
 * @param name its path, such as {@code greeting.maxConnections}
 * @param type how its text is read, and which values are allowed
 * @param defaultText the default, as an operator would write it
 * @param in reads its value from a configuration
 * @param live whether it can change while the service runs
 */
record Key<T>(String name, ValueType<T> type, String defaultText, Function<Config, T> in, boolean live) {
    private static final Pattern WORD = Pattern.compile("(?<=[a-z])(?=[A-Z])|\\.");

    /** The environment variable that sets it, such as {@code GREETER_GREETING_MAX_CONNECTIONS}. */
    String variable() {
        return Environment.PREFIX + WORD.matcher(name).replaceAll("_").toUpperCase(Locale.ROOT);
    }

    Optional<T> read(String text) {
        return type.read(text);
    }

    /** Throws {@link IllegalArgumentException} if the value is not allowed. */
    void check(T value) {
        if (!type.allows().test(value)) {
            Object shown = type.secret() ? ValueType.MASK : value;
            throw new IllegalArgumentException(name + " is \"" + shown + "\", allowed: " + type.allowed());
        }
    }

    boolean differs(Config one, Config other) {
        return !in.apply(one).equals(in.apply(other));
    }

    String shown(Config config) {
        return type.shown().apply(in.apply(config));
    }
}
