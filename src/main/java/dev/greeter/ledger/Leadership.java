package dev.greeter.ledger;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which node merges the tallies of all: the first by name of those that live, and in its place the next one that hears no
 * beat of another. No election and no lock: where two nodes merge for a moment, both do right. Used by one thread at a
 * time.
 */
final class Leadership {
    /** What was read longer ago than this may lack something by now. */
    static final Duration STALE = Duration.ofSeconds(3);

    /** The same for what no node has merged for so long. */
    static final Duration UNMERGED = Duration.ofSeconds(8);

    /** How long the next node waits for a beat of the one that merges. */
    static final Duration TAKE_OVER = Duration.ofSeconds(3);

    private final String key;
    private boolean leads;
    private @Nullable Long readNanos;
    /** The last beat of another node, and when it was heard. */
    private @Nullable Beat beat;

    private long beatNanos;

    /** @param key of this node's run */
    Leadership(String key) {
        this.key = key;
    }

    /** Records that the cluster's maps answer. */
    void read(long nowNanos) {
        readNanos = nowNanos;
    }

    /** Records the beat that the map holds, which may be an old one; null for none. */
    void heard(@Nullable Beat now, long nowNanos) {
        read(nowNanos);
        if (now != null && !now.merger().equals(key) && !now.equals(beat)) {
            beat = now;
            beatNanos = nowNanos;
        }
    }

    /** The last other run that merged, null if none did. */
    @Nullable
    String merger() {
        return beat == null ? null : beat.merger();
    }

    /** When its last beat was heard. */
    long beatNanos() {
        return beatNanos;
    }

    /**
     * Whether this node should merge. Each node waits longer than those before it, but not in proportion to their number,
     * because half of a cluster may be gone at once.
     *
     * @param before the number of live nodes before this one
     */
    boolean isDue(long before, long nowNanos) {
        int turns = Long.SIZE - Long.numberOfLeadingZeros(before);
        return before == 0 || beat == null || nowNanos - beatNanos >= turns * TAKE_OVER.toNanos();
    }

    /** Records whether this node merges. */
    void lead(boolean now) {
        leads = now;
    }

    boolean leads() {
        return leads;
    }

    /** Whether the cluster's maps could not be read for a while, or no node has merged them. */
    boolean isStale(long nowNanos) {
        return readNanos == null
                || nowNanos - readNanos > STALE.toNanos()
                || (!leads && beat != null && nowNanos - beatNanos > UNMERGED.toNanos());
    }
}
