package dev.greeter.bus;

/** The body of a message is not what its address takes; the text says what is wrong and what is allowed. */
public final class BadMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadMessageException(String message) {
        super(message);
    }
}
