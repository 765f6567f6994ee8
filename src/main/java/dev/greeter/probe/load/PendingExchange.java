package dev.greeter.probe.load;

/** An exchange that was begun and has neither an answer nor a loss. */
final class PendingExchange {
    /** Within the run, warm-up included. */
    final long number;

    /** When it was meant to begin, or the probe could; what its latency and its time are counted from. */
    final long fromNanos;

    /** For how long the probe itself had stood still until then. */
    final long stoodNanos;

    /** It begins later than it was meant to, since the probe itself had stood still. */
    final boolean behind;

    /** And for so long that its loss may be due to that. */
    final boolean harmed;

    /** It is a loss by now: an answer that still comes is late. */
    boolean lost;

    PendingExchange(long number, long fromNanos, long stoodNanos) {
        this(number, fromNanos, stoodNanos, false, false);
    }

    PendingExchange(long number, long fromNanos, long stoodNanos, boolean behind, boolean harmed) {
        this.number = number;
        this.fromNanos = fromNanos;
        this.stoodNanos = stoodNanos;
        this.behind = behind;
        this.harmed = harmed;
    }
}
