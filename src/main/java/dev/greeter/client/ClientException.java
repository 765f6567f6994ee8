package dev.greeter.client;

/** An exchange or a query that failed: where, and why in a few words. It is an answer to tell, so it has no stack trace. */
public final class ClientException extends Exception {
    private static final long serialVersionUID = 1L;

    public ClientException(String where, String why) {
        super(where + ": " + why, null, false, false);
    }
}
