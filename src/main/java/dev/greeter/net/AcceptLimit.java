package dev.greeter.net;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many accepted connections a process may hold, over all of its listening sockets: each is a file descriptor. The last
 * of them are kept for some servers. Thread-safe.
 */
public final class AcceptLimit {
    private final int most;
    private final int reserved;
    private final List<ServerBinding> favoured = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();

    /** @param reserved how many of the most are for {@linkplain #reserveFor some servers} alone */
    public AcceptLimit(int most, int reserved) {
        this.most = most;
        this.reserved = reserved;
    }

    /** Connections to this server may take the last places too. */
    public void reserveFor(ServerBinding server) {
        favoured.add(server);
    }

    /**
     * Takes a place until it is {@linkplain #free freed}.
     *
     * @return whether there was one for a connection to the socket that listens there
     */
    boolean take(InetSocketAddress listensAt) {
        int limit = favoured.stream().anyMatch(server -> server.isAt(listensAt)) ? most : most - reserved;
        return open.getAndUpdate(before -> before < limit ? before + 1 : before) < limit;
    }

    void free() {
        open.decrementAndGet();
    }
}
