package dev.greeter.protocol;

/** The reason of a refusal, the second word of an {@code Error} line (section 6 of {@code src/docs/protocol.md}). */
public enum ErrorCode {
    BAD_GREETING("bad-greeting"),
    BAD_VERSION("bad-version"),
    TOO_LONG("too-long"),
    TIMEOUT("timeout"),
    BUSY("busy");

    private final String word;

    ErrorCode(String word) {
        this.word = word;
    }

    /** The code on the wire. */
    public String word() {
        return word;
    }
}
