package dev.greeter.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The arguments of this process as they were typed. The JDK decodes them in the encoding of the locale, which in a container is
 * often ASCII, and replaces every octet beyond it.
 */
final class RawArguments {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final String REPLACED = "\ufffd";

    private RawArguments() {}

    /** Reads the arguments again in UTF-8 if the JDK replaced a character of them; otherwise returns them as they are. */
    static String[] arguments(String[] decoded) {
        if (Arrays.stream(decoded).noneMatch(argument -> argument.contains(REPLACED))) {
            return decoded;
        }
        try {
            return arguments(decoded, Files.readAllBytes(COMMAND_LINE));
        } catch (IOException notLinux) {
            return decoded;
        }
    }

    /** @param commandLine of the whole process, each word ended by a zero; the arguments are its last words */
    static String[] arguments(String[] decoded, byte[] commandLine) {
        String[] words = new String(commandLine, UTF_8).split("\0", -1);
        int from = words.length - 1 - decoded.length;
        return from < 0 ? decoded : Arrays.copyOfRange(words, from, words.length - 1);
    }
}
