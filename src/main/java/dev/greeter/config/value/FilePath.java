package dev.greeter.config.value;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The path of a file, as an operator writes it. */
public final class FilePath {
    private FilePath() {}

    /**
     * Reads a path.
     *
     * @throws IllegalArgumentException if no file can have it; the message is a clause for a user, without the text
     */
    public static Path of(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    "is no file's name in this locale; one beyond ASCII needs a locale such as LC_ALL=C.UTF-8", e);
        }
    }
}
