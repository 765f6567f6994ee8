package dev.greeter.client;

/** A fault of the program, in one line that says what failed and where. */
public final class Unexpected {
    private static final String OURS = "dev.greeter.";

    private Unexpected() {}

    /** Returns a whole sentence. */
    public static String says(Throwable cause) {
        return "failed unexpectedly: " + text(cause);
    }

    /** Returns the failure and the line of ours that it comes from. */
    public static String text(Throwable cause) {
        String said = TerminalText.cut(cause.toString().lines().findFirst().orElse(""));
        for (StackTraceElement at : cause.getStackTrace()) {
            if (at.getClassName().startsWith(OURS)) {
                return said + " at " + at.getFileName() + ":" + at.getLineNumber();
            }
        }
        return said;
    }
}
