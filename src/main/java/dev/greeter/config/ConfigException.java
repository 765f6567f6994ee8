package dev.greeter.config;

import java.util.List;

/**
 * A configuration that must not start: one line for each thing wrong, each naming the key, the value, its origin and
 * what is allowed.
 */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;

    /** @param lines at least one */
    public ConfigException(List<String> lines) {
        super(String.join("\n", lines));
        this.lines = List.copyOf(lines);
    }

    public List<String> lines() {
        return lines;
    }
}
