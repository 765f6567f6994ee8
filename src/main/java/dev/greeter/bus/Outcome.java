package dev.greeter.bus;

/** How an exchange ended; each ends in exactly one way. */
public enum Outcome {
    /** The answer was handed to the kernel. */
    ANSWERED("answered"),
    /** The request was malformed or over a limit, and the answer said so. */
    REFUSED("refused"),
    /** The peer went away, or the write failed, before the answer could be handed over. */
    FAILED("failed");

    private final String label;

    Outcome(String label) {
        this.label = label;
    }

    /** The name in JSON, logs and metrics. */
    public String label() {
        return label;
    }
}
