package dev.greeter.net;

import dev.greeter.config.Config;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many connections one client may have at a time, and how many it may open in a second, over all instances of a server.
 * A client is an IPv4 address or the first 64 bits of an IPv6 address, because a host may use any of the rest (RFC 4291,
 * section 2.5.4). Thread-safe.
 */
final class PeerLimit {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int IPV6_PREFIX_OCTETS = 8;
    private static final int IPV4_OCTETS = 4;

    /** {@code 64:ff9b::/96}, where a translator puts IPv4 addresses (RFC 6052, section 2.1). */
    private static final byte[] TRANSLATED = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    /** Clients that are forgotten only when there are more. */
    private static final int MIN_KEPT = 1_024;

    private final LongSupplier nanoTime;
    private final Map<Long, Peer> peers = new HashMap<>();
    private int forgetAt = MIN_KEPT;
    private volatile int maxConnections;
    private volatile int maxConnectsPerSecond;

    /** A client with its open connections, and an allowance of new ones that a second fills. */
    private static final class Peer {
        private int open;
        private double allowance;
        private long refilledNanos;
    }

    PeerLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Changes the limits for connections that come from now on. Those that are open do not count if there were none before. */
    void change(Config.Peers changed) {
        maxConnections = changed.maxConnections();
        maxConnectsPerSecond = changed.maxConnectsPerSecond();
    }

    /**
     * Takes a place for a connection.
     *
     * @return gives the place back, once; null if there was none
     */
    @Nullable
    Runnable take(@Nullable SocketAddress address) {
        int most = orUnlimited(maxConnections);
        int perSecond = orUnlimited(maxConnectsPerSecond);
        if (Math.min(most, perSecond) == Integer.MAX_VALUE || !(address instanceof InetSocketAddress internet)) {
            return () -> {};
        }
        long key = key(internet.getAddress());
        return take(key, most, perSecond) ? () -> release(key) : null;
    }

    private static int orUnlimited(int limit) {
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    private synchronized boolean take(long key, int most, int perSecond) {
        long nanos = nanoTime.getAsLong();
        Peer peer = peers.get(key);
        if (peer == null) {
            forget(nanos);
            peer = new Peer();
            peer.allowance = perSecond;
            peers.put(key, peer);
        } else {
            double refill = (double) (nanos - peer.refilledNanos) / SECOND_NANOS * perSecond;
            // what was used up under a limit does not matter without one
            peer.allowance = perSecond == Integer.MAX_VALUE ? perSecond : Math.min(perSecond, peer.allowance + refill);
        }
        peer.refilledNanos = nanos;
        if (peer.open >= most || peer.allowance < 1) {
            return false;
        }
        peer.allowance--;
        peer.open++;
        return true;
    }

    private synchronized void release(long key) {
        Peer peer = peers.get(key);
        if (peer != null) {
            peer.open--;
        }
    }

    /** Drops clients without a connection whose allowance is full, whenever there are twice as many as after the last time. */
    private void forget(long nanos) {
        if (peers.size() < forgetAt) {
            return;
        }
        for (Iterator<Peer> each = peers.values().iterator(); each.hasNext(); ) {
            Peer peer = each.next();
            if (peer.open == 0 && nanos - peer.refilledNanos >= SECOND_NANOS) {
                each.remove();
            }
        }
        forgetAt = Math.max(MIN_KEPT, peers.size() * 2);
    }

    /** The number of clients that are known. */
    synchronized int size() {
        return peers.size();
    }

    /** The two kinds do not meet: the first 64 bits of an IPv6 address are not all zero, except for the loopback address. */
    static long key(InetAddress address) {
        byte[] octets = address.getAddress();
        return address instanceof Inet6Address && !isTranslated(octets)
                ? ByteBuffer.wrap(octets, 0, IPV6_PREFIX_OCTETS).getLong()
                : Integer.toUnsignedLong(ByteBuffer.wrap(octets, octets.length - IPV4_OCTETS, IPV4_OCTETS)
                        .getInt());
    }

    /** Whether an IPv4 address is at the end of this one: otherwise all of IPv4 would be one client. */
    private static boolean isTranslated(byte[] octets) {
        return Arrays.equals(octets, 0, TRANSLATED.length, TRANSLATED, 0, TRANSLATED.length);
    }
}
