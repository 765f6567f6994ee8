package dev.greeter.greeting;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What answers hold of memory while their clients do not take them, over all connections of a node: a bound for each
 * connection alone would be one for none. Thread-safe.
 */
final class Backlog {
    /** The part of the memory for it, of the heap or of direct buffers, whichever is less: by default both are the same. */
    private static final int PART = 8;

    /** What counts the exchanges of an answer, about: token, number of octets. */
    private static final int OCTETS_OF_AN_EXCHANGE = 64;

    private final long most;
    private final AtomicLong octets = new AtomicLong();

    Backlog(long most) {
        this.most = most;
    }

    /** Of this process. */
    static Backlog ofProcess() {
        return new Backlog(
                Math.min(Runtime.getRuntime().maxMemory(), io.netty.util.internal.PlatformDependent.maxDirectMemory())
                        / PART);
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

    /** Whether it is so much that those who do not take their answers must go. */
    boolean isOver() {
        return octets.get() > most;
    }
}
