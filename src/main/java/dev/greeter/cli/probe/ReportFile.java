package dev.greeter.cli.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.greeter.client.TerminalText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A file that is open for writing, and keeps its content until it is written. */
final class ReportFile {
    private static final List<Path> STANDARD_STREAMS = List.of(Path.of("/dev/stdout"), Path.of("/dev/stderr"));

    private final Path path;
    private final FileChannel channel;
    private final boolean made;
    private boolean written;

    private ReportFile(Path path, FileChannel channel, boolean made) {
        this.path = path;
        this.channel = channel;
        this.made = made;
    }

    static ReportFile open(Path path) throws IOException {
        try {
            return new ReportFile(path, FileChannel.open(path, WRITE, CREATE_NEW), true);
        } catch (FileAlreadyExistsException there) {
            // a device or a pipe among them
            return new ReportFile(path, FileChannel.open(path, WRITE), false);
        }
    }

    Path path() {
        return path;
    }

    /** Whether both are one file, in which one text would spoil the other. */
    boolean isSame(ReportFile other) throws IOException {
        return Files.isRegularFile(path) && Files.isSameFile(path, other.path);
    }

    /** Whether it is the file that the command prints to, where each would overwrite the other. */
    boolean isPrintedTo() throws IOException {
        if (Files.isRegularFile(path)) {
            for (Path stream : STANDARD_STREAMS) {
                if (Files.exists(stream) && Files.isSameFile(path, stream)) {
                    return true;
                }
            }
        }
        return false;
    }

    void write(String text) throws IOException {
        ByteBuffer octets = ByteBuffer.wrap(text.getBytes(UTF_8));
        written = true;
        if (Files.isRegularFile(path)) {
            channel.truncate(0);
        }
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
        // some file systems report only now that they are full
        channel.close();
    }

    void close() {
        try {
            channel.close();
            if (made && !written) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // nothing of ours is in it
        }
    }

    /** Why a file cannot be written, in a few words. */
    static String why(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return Files.isSymbolicLink(Path.of(missing.getFile()))
                    ? "it is a link to a file that is not there"
                    : "there is no such folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String said = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return TerminalText.visible(
                Objects.requireNonNullElse(said, e.getClass().getSimpleName()).toLowerCase(Locale.ROOT));
    }
}
