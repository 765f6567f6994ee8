package dev.greeter.http;

import java.util.concurrent.atomic.AtomicInteger;

/** So many of something at a time, over all instances. Thread-safe. */
final class Places {
    private final AtomicInteger taken = new AtomicInteger();
    private volatile int most;

    Places(int most) {
        this.most = most;
    }

    /** Whether there was one left; then it is taken until it is {@linkplain #free freed}. */
    boolean take() {
        int now = most;
        // more than the most may be taken, where it was lowered
        return taken.getAndUpdate(before -> before < now ? before + 1 : before) < now;
    }

    boolean areTaken() {
        return taken.get() >= most;
    }

    /** Changes how many there are, for those who come from now on. */
    void most(int changed) {
        most = changed;
    }

    void free() {
        taken.decrementAndGet();
    }
}
