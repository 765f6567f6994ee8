package dev.greeter.probe.load;

/** An exchange that was begun and has neither an answer nor a loss. */
final class PendingExchange {
    /** Counted over all loads of a run, the warm-up included. */
    final long number;

    /** When it was meant to begin, or the probe could; what its latency and its time are counted from. */
    final long fromNanos;

    /** For how long the probe itself had stood still until then. */
    final long stalledNanos;

    /** It begins later than it was meant to, because the probe itself had stood still. */
    final boolean behind;

    /** It is behind by so much that its loss may be due to that. */
    final boolean harmed;

    /** It is a loss by now: an answer that still comes is late. */
    boolean lost;

    PendingExchange(long number, long fromNanos, long stalledNanos) {
        this(number, fromNanos, stalledNanos, false, false);
    }

    PendingExchange(long number, long fromNanos, long stalledNanos, boolean behind, boolean harmed) {
        this.number = number;
        this.fromNanos = fromNanos;
        this.stalledNanos = stalledNanos;
        this.behind = behind;
        this.harmed = harmed;
    }
}
