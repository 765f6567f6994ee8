package dev.greeter.client;

/** A call that failed: where, and why in a few words. It is a result to report, so it has no stack trace. */
public final class ClientException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param why may hold what the other side sent, and is escaped */
    public ClientException(String where, String why) {
        super(TerminalText.visible(where + ": " + why), null, false, false);
    }
}
