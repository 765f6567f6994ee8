package dev.greeter.bus;

/** Which of its protocol's forms an exchange had. */
public enum Form {
    /** Greeting protocol, version 1. */
    ONESHOT(Protocol.GREETING, "oneshot"),
    /** Greeting protocol, version 2. */
    SESSION(Protocol.GREETING, "session"),
    /** Greeting protocol: refused before the first octets had chosen a form. */
    UNKNOWN(Protocol.GREETING, "unknown"),
    /** HTTP: the page. */
    PAGE(Protocol.HTTP, "page");

    private final Protocol protocol;
    private final String label;

    Form(Protocol protocol, String label) {
        this.protocol = protocol;
        this.label = label;
    }

    /** Whose form it is. */
    public Protocol protocol() {
        return protocol;
    }

    /** The name in JSON, logs and metrics. */
    public String label() {
        return label;
    }
}
