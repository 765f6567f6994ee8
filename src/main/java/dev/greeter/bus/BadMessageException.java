package dev.greeter.bus;

/** A body on the event bus that is not what its address asks for; the message says what is wrong and what is allowed. */
public final class BadMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadMessageException(String message) {
        super(message);
    }
}
