package dev.greeter.bus;

/** What an exchange was made over. */
public enum Protocol {
    GREETING("greeting"),
    HTTP("http");

    private final String label;

    Protocol(String label) {
        this.label = label;
    }

    /** The name in JSON, logs and metrics. */
    public String label() {
        return label;
    }
}
