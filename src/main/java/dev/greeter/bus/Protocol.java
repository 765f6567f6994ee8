package dev.greeter.bus;

/** The protocol of an exchange. */
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
