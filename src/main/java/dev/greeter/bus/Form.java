package dev.greeter.bus;

/** The form of an exchange in its protocol. */
public enum Form {
    /** Greeting protocol, version 1. */
    ONESHOT(Protocol.GREETING, "oneshot"),
    /** Greeting protocol, version 2. */
    SESSION(Protocol.GREETING, "session"),
    /** Greeting protocol: refused before the first octets chose a form. */
    UNKNOWN(Protocol.GREETING, "unknown"),
    /** HTTP: the page. */
    PAGE(Protocol.HTTP, "page");

    private final Protocol protocol;
    private final String label;

    Form(Protocol protocol, String label) {
        this.protocol = protocol;
        this.label = label;
    }

    /** The protocol that has this form. */
    public Protocol protocol() {
        return protocol;
    }

    /** The name in JSON, logs and metrics. */
    public String label() {
        return label;
    }
}
