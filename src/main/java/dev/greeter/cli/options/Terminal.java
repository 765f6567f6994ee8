package dev.greeter.cli.options;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where a command prints.
 *
 * @param interactive whether {@code out} is a screen, which can be cleared
 * @param piped whether {@code out} has a reader that may leave when it has enough, which is no failure
 * @param draws whether {@code err} is a screen, on which a line can be drawn anew
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, boolean piped, boolean draws) {
    private static final Pattern TERMINAL = Pattern.compile("/dev/(?:pts/\\d+|tty\\w*|console)");

    /** The file type's bits in a file's mode (inode(7)). */
    private static final int FILE_TYPE = 0170000;

    private static final int PIPE = 0010000;
    private static final int SOCKET = 0140000;
    private static final String HOME_AND_CLEAR = "\033[H\033[2J";

    /** Whether a descriptor of this process, such as 1 for standard output, is a pipe or a socket. */
    public static boolean isPipe(int descriptor) {
        try {
            Object mode = Files.getAttribute(Path.of("/proc/self/fd", String.valueOf(descriptor)), "unix:mode");
            int type = (int) mode & FILE_TYPE;
            return type == PIPE || type == SOCKET;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException notLinux) {
            return false;
        }
    }

    /** Whether a descriptor of this process, such as 2 for standard error, is a terminal. */
    @SuppressWarnings("SystemConsoleNull") // from 22 to 24 a pipe has a console too; we run on 17 and 25
    public static boolean isScreen(int descriptor) {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd", String.valueOf(descriptor)))
                    .toString();
            return TERMINAL.matcher(device).matches();
        } catch (IOException notLinux) {
            return System.console() != null;
        }
    }

    /** Whether output is lost: its reader is gone, such as {@code head} after enough lines, or it cannot be written. */
    public boolean isClosed() {
        return out.checkError();
    }

    /** Prints the next state of something: in place of the last one on a screen, after it elsewhere. */
    public void redraw(String text) {
        out.print(interactive ? HOME_AND_CLEAR + text : text);
        out.flush();
    }
}
