package dev.greeter.net;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections there may be at a time, over all instances of a server. Thread-safe. */
public final class ConnectionLimit {
    private final AtomicInteger open = new AtomicInteger();
    private volatile int most;

    public ConnectionLimit(int most) {
        this.most = most;
    }

    /** Returns whether there was room for one more, which then counts until it is {@linkplain #release released}. */
    public boolean take() {
        return take(most);
    }

    /** The same, but it leaves half of all places to those who {@link #take}. */
    public boolean takeOfHalf() {
        return take((most + 1) / 2);
    }

    private boolean take(int now) {
        // more than the most may be open, where it was lowered
        return open.getAndUpdate(before -> before < now ? before + 1 : before) < now;
    }

    public void release() {
        open.decrementAndGet();
    }

    public boolean isReached() {
        return open.get() >= most;
    }

    /** Changes the limit for connections that come from now on. */
    public void change(int changed) {
        most = changed;
    }
}
