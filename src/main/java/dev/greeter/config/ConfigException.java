package dev.greeter.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * The configuration is not allowed: one line for each problem, which names the key, the value, its origin and the allowed
 * values. If there are many, such as for a file that is no configuration, the last line has the number of further ones.
 */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    static final int MAX_LINES = 20;

    private final transient List<String> lines;

    /** @param problems at least one */
    public ConfigException(List<String> problems) {
        super(String.join("\n", bounded(problems)));
        lines = bounded(problems);
    }

    public List<String> lines() {
        return lines;
    }

    private static List<String> bounded(List<String> problems) {
        int left = problems.size() - MAX_LINES;
        return left <= 0
                ? List.copyOf(problems)
                : Stream.concat(problems.stream().limit(MAX_LINES), Stream.of("and " + left + " more like these"))
                        .toList();
    }
}
