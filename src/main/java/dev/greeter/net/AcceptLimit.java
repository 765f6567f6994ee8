package dev.greeter.net;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many accepted connections a process may hold, over all of its listening sockets: each is a file descriptor. The last
 * of them are kept for reserved ports. Thread-safe.
 */
public final class AcceptLimit {
    private final int most;
    private final int reserved;
    private final Set<Integer> reservedPorts = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();

    /** @param reserved how many of the most are for {@linkplain #reserveFor reserved ports} alone */
    public AcceptLimit(int most, int reserved) {
        this.most = most;
        this.reserved = reserved;
    }

    /** Connections to this port may take the last places too. */
    public void reserveFor(int port) {
        reservedPorts.add(port);
    }

    /** Returns whether there was a place for a connection to the port, which then is taken until it is {@linkplain #free freed}. */
    boolean take(int port) {
        int limit = reservedPorts.contains(port) ? most : most - reserved;
        return open.getAndUpdate(before -> before < limit ? before + 1 : before) < limit;
    }

    void free() {
        open.decrementAndGet();
    }
}
