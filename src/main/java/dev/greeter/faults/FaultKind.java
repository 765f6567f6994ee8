package dev.greeter.faults;

/** The effect of a fault on the exchange that it hits ({@code src/docs/faults.md}). */
public enum FaultKind {
    /** It is answered, but later. */
    DELAY("delay"),
    /** The connection is reset instead. */
    RESET("reset"),
    /** It is never answered, and the connection stays open until the fault is over. */
    STALL("stall"),
    /** Half of the answer is sent, then the connection is closed in order. */
    TRUNCATE("truncate"),
    /** It is answered by something else. */
    WRONG("wrong"),
    /** It is refused by an error. */
    REFUSE("refuse"),
    /** The connection is closed in order instead. */
    CLOSE("close");

    private final String label;

    FaultKind(String label) {
        this.label = label;
    }

    /** The name in JSON and logs. */
    public String label() {
        return label;
    }

    /** The reason of an exchange that failed by it. */
    public String reason() {
        return "fault:" + label;
    }
}
