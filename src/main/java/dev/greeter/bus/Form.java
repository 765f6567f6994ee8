package dev.greeter.bus;

/** Which of its protocol's forms an exchange had. */
public enum Form {
    /** Greeting protocol, version 1. */
    ONESHOT("oneshot"),
    /** Greeting protocol, version 2. */
    SESSION("session"),
    /** Greeting protocol: refused before the first octets had chosen a form. */
    UNKNOWN("unknown"),
    /** HTTP: the page. */
    PAGE("page");

    private final String label;

    Form(String label) {
        this.label = label;
    }

    /** The name in JSON, logs and metrics. */
    public String label() {
        return label;
    }
}
