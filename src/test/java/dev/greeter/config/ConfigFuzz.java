package dev.greeter.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Any file, environment and command line give a configuration, which is equal to the one that its own effective values give, or
 * lines that each begin with their source. A NUL ends the file, and another one the environment, whose variables are lines.
 */
public final class ConfigFuzz {
    private static final int MAX_LINE_CHARACTERS = 4_000;
    private static final Path FILE = Path.of("greeter.yaml");

    private ConfigFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) throws ConfigException {
        int fileEnd = end(octets, 0);
        int environmentEnd = end(octets, fileEnd + 1);
        ConfigFile file = new ConfigFile(ByteBuffer.wrap(Arrays.copyOf(octets, fileEnd)), "");
        ConfigSources sources = new ConfigSources(
                Optional.of(FILE),
                values(octets, fileEnd + 1, environmentEnd),
                values(octets, environmentEnd + 1, octets.length));
        try {
            Config config = sources.load(file);
            if (!config.equals(sources.load(file))) {
                throw new AssertionError("loaded again it differs");
            }
            checkShown(config);
        } catch (ConfigException e) {
            e.lines().forEach(ConfigFuzz::checkLine);
        }
    }

    /** What is shown is what was read. */
    private static void checkShown(Config config) throws ConfigException {
        Map<String, String> shown = new LinkedHashMap<>();
        for (Key<?> key : Keys.ALL) {
            String text = key.shown(config);
            checkPrintable(text, true);
            if (!key.type().secret()) {
                shown.put(key.name(), text);
            }
        }
        ConfigFile nothing = new ConfigFile(ByteBuffer.allocate(0), "");
        Config again = new ConfigSources(Optional.of(FILE), Map.of(), shown).load(nothing);
        for (Key<?> key : Keys.ALL) {
            if (!key.type().secret() && key.differs(config, again)) {
                throw new AssertionError(key.name() + " is shown as " + shown.get(key.name()));
            }
        }
    }

    private static void checkLine(String line) {
        checkPrintable(line, false);
        boolean sourced =
                List.of("greeter.yaml:", "environment ", "environment: ", "command line --", "default: ", "and ")
                        .stream()
                        .anyMatch(line::startsWith);
        if (!sourced || line.length() > MAX_LINE_CHARACTERS) {
            throw new AssertionError("a line of " + line.length() + " characters: " + line);
        }
    }

    /** @param any whether it is only shown where it is escaped */
    private static void checkPrintable(String text, boolean any) {
        IntPredicate printable = c -> switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
        if (text.isEmpty() ? !any : !any && !text.codePoints().allMatch(printable)) {
            throw new AssertionError("not one line that can be printed: " + text);
        }
    }

    private static int end(byte[] octets, int from) {
        int end = Math.min(from, octets.length);
        while (end < octets.length && octets[end] != 0) {
            end++;
        }
        return end;
    }

    private static Map<String, String> values(byte[] octets, int from, int to) {
        Map<String, String> values = new LinkedHashMap<>();
        if (from < to) {
            new String(octets, from, to - from, UTF_8)
                    .lines()
                    .filter(line -> line.indexOf('=') > 0)
                    .forEach(line -> {
                        int end = line.indexOf('=');
                        values.put(line.substring(0, end), line.substring(end + 1));
                    });
        }
        return values;
    }
}
