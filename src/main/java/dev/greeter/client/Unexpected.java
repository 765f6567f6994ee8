package dev.greeter.client;

/** A failure that is nobody's input but a fault of the program: one line that says what and where. */
public final class Unexpected {
    private static final String OURS = "dev.greeter.";

    private Unexpected() {}

    /** As a sentence of its own. */
    public static String says(Throwable cause) {
        return "failed unexpectedly: " + text(cause);
    }

    public static String text(Throwable cause) {
        String said = cause.toString().lines().findFirst().orElse("");
        for (StackTraceElement at : cause.getStackTrace()) {
            if (at.getClassName().startsWith(OURS)) {
                return said + " at " + at.getFileName() + ":" + at.getLineNumber();
            }
        }
        return said;
    }
}
