package dev.greeter.protocol;

/** Why a server refuses, as the second word of an {@code Error} line (section 6 of {@code src/docs/protocol.md}). */
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

    /** The code as it stands on the wire. */
    public String word() {
        return word;
    }
}
