package dev.greeter.net;

import java.util.concurrent.atomic.AtomicInteger;

/** So many of something at a time, over all instances. Thread-safe. */
public final class ConnectionLimit {
    private final AtomicInteger taken = new AtomicInteger();
    private volatile int most;

    public ConnectionLimit(int most) {
        this.most = most;
    }

    /** Whether there was one left; then it is taken until it is {@linkplain #free freed}. */
    public boolean take() {
        int now = most;
        // more than the most may be taken, where it was lowered
        return taken.getAndUpdate(before -> before < now ? before + 1 : before) < now;
    }

    public boolean areTaken() {
        return taken.get() >= most;
    }

    /** Changes how many there are, for those who come from now on. */
    public void most(int changed) {
        most = changed;
    }

    public void free() {
        taken.decrementAndGet();
    }
}
