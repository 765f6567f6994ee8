package dev.greeter.cli;

import java.io.PrintStream;

/**
 * Where a command prints.
 *
 * @param interactive whether {@code out} is a screen, which can be cleared
 */
record Terminal(PrintStream out, PrintStream err, boolean interactive) {
    private static final String HOME_AND_CLEAR = "\033[H\033[2J";

    /** Whether nobody reads what is printed, as when {@code head} has had enough. */
    boolean isClosed() {
        return out.checkError();
    }

    /** Shows the next state of the same thing: in place of the last one on a screen, after it elsewhere. */
    void redraw(String text) {
        out.print(interactive ? HOME_AND_CLEAR + text : text);
        out.flush();
    }
}
