package dev.greeter.greeting;

import dev.greeter.net.MemoryGuard;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that responses hold while their clients do not take them, over all connections of a node, because a bound for
 * each connection alone does not bound their sum. Thread-safe.
 */
final class Backlog {
    /** Its part of the heap or of the direct memory, whichever is less: by default both are the same. */
    private static final int PART = 8;

    /** About the memory of an exchange until it is reported: its request with the token. */
    private static final int OCTETS_OF_AN_EXCHANGE = 64;

    private final long most;
    private final AtomicLong octets = new AtomicLong();

    Backlog(long most) {
        this.most = most;
    }

    /** Bounded by this process's memory. */
    static Backlog ofProcess() {
        return new Backlog(Math.min(Runtime.getRuntime().maxMemory(), MemoryGuard.maxDirectOctets()) / PART);
    }

    static long weight(int octets, int exchanges) {
        return octets + (long) exchanges * OCTETS_OF_AN_EXCHANGE;
    }

    void add(long weight) {
        octets.addAndGet(weight);
    }

    void remove(long weight) {
        octets.addAndGet(-weight);
    }

    /** Whether it is so much that clients that do not take their responses have to go. */
    boolean isOver() {
        return octets.get() > most;
    }
}
