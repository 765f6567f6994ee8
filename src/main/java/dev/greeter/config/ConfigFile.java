package dev.greeter.config;

import dev.greeter.text.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The contents of the configuration file when it was read.
 *
 * @param octets empty if there is a problem
 * @param problem why it could not be read; empty if it was read
 */
record ConfigFile(ByteBuffer octets, String problem) {
    /** The contents of a file that became empty. */
    static final ConfigFile EMPTY = none("is empty; {} stands for all defaults");

    private static final int MAX_OCTETS = 1 << 20;
    private static final Executor PATIENCE = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);
    private static final Logger LOG = LoggerFactory.getLogger(ConfigFile.class);
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** Reads the file to its end. Waits for the writer of a pipe, and logs a warning if that takes a while. */
    static ConfigFile read(Path file) {
        Future<?> reminder = CompletableFuture.runAsync(
                () -> LOG.warn("still waiting for the end of {}", Printable.excerpt(file.toString())), PATIENCE);
        try {
            return new ConfigFile(octets(file), "");
        } catch (IOException e) {
            return none("cannot be read: " + reason(file, e));
        } finally {
            reminder.cancel(false);
        }
    }

    /** The same, but only a regular file is read, because a pipe has nothing left to read and may block. */
    static ConfigFile readRegular(Path file) {
        try {
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                return none("is no regular file, and only such is read again");
            }
        } catch (IOException e) {
            return none("cannot be read: " + reason(file, e));
        }
        return read(file);
    }

    /**
     * Reads a regular file once more. An empty one is a problem here: it is probably about to be written.
     */
    static ConfigFile readAgain(Path file) {
        ConfigFile now = readRegular(file);
        return now.problem.isEmpty() && now.isBlank() ? EMPTY : now;
    }

    /** Whether the file can be read more than once: not a pipe or a device, but one that is missing at the moment. */
    static boolean canBeReadAgain(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).isRegularFile();
        } catch (IOException missing) {
            return true;
        }
    }

    /**
     * Returns the text without a byte order mark.
     *
     * @throws CharacterCodingException if the octets are not UTF-8
     */
    String text() throws CharacterCodingException {
        String text =
                StandardCharsets.UTF_8.newDecoder().decode(octets.duplicate()).toString();
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
    }

    private boolean isBlank() {
        try {
            return text().isBlank();
        } catch (CharacterCodingException binary) {
            return false;
        }
    }

    private static ByteBuffer octets(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MAX_OCTETS + 1);
            if (octets.length > MAX_OCTETS) {
                throw new IOException("it is larger than " + MAX_OCTETS + " octets");
            }
            return ByteBuffer.wrap(octets);
        }
    }

    private static ConfigFile none(String problem) {
        return new ConfigFile(ByteBuffer.allocate(0), problem);
    }

    private static String reason(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (Files.isDirectory(file)) {
            return "it is a directory";
        }
        return e instanceof AccessDeniedException
                ? "permission denied"
                : Printable.excerpt(String.valueOf(e.getMessage()));
    }
}
