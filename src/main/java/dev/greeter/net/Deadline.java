package dev.greeter.net;

import java.time.Duration;

/** A moment of a {@link LoopClock}, by which a peer must have done something. Used by the clock's loop only. */
public final class Deadline {
    /** Later than any: the clock starts at zero, and no duration of ours is as long as this. */
    private static final long NEVER = Long.MAX_VALUE;

    private final LoopClock clock;
    private long atNanos = NEVER;

    Deadline(LoopClock clock) {
        this.clock = clock;
    }

    /** Sets it, or sets it anew. */
    public void in(Duration fromNow) {
        atNanos = clock.nanos() + fromNow.toNanos();
    }

    /** Sets it unless it is set to a moment before. */
    public void inAtMost(Duration fromNow) {
        atNanos = Math.min(atNanos, clock.nanos() + fromNow.toNanos());
    }

    /** From now on it is not set, and never over. */
    public void clear() {
        atNanos = NEVER;
    }

    public boolean isSet() {
        return atNanos != NEVER;
    }

    /** Whether the moment is past, and all that the peer had sent by then was read. */
    public boolean isOver() {
        return clock.judgedNanos() >= atNanos;
    }
}
