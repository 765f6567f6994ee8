package dev.greeter.ledger;

import dev.greeter.config.PeerDetail;
import dev.greeter.config.value.HostPort;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Hides clients' addresses from those who read the newest exchanges. */
final class PeerMask {
    private static final int IPV4_OCTETS = 4;

    /** What is left of an IPv4 address: the network that a provider gives to its customers one by one. */
    private static final int IPV4_KEPT = 3;

    /** What is left of an IPv6 address: a site's prefix (RFC 6177). */
    private static final int IPV6_KEPT = 6;

    private PeerMask() {}

    /**
     * Returns what may be shown of a client.
     *
     * @param peer its address and port
     * @return null for nothing, also where an address to mask is none
     */
    static @Nullable String shown(String peer, PeerDetail peers) {
        return switch (peers) {
            case FULL -> peer;
            case MASKED -> network(peer);
            case NONE -> null;
        };
    }

    private static @Nullable String network(String peer) {
        byte[] address = address(peer);
        if (address == null) {
            return null;
        }
        int kept = address.length == IPV4_OCTETS ? IPV4_KEPT : IPV6_KEPT;
        Arrays.fill(address, kept, address.length, (byte) 0);
        try {
            return HostPort.text(InetAddress.getByAddress(address)) + "/" + kept * Byte.SIZE;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has as many octets as it had", e);
        }
    }

    private static byte @Nullable [] address(String peer) {
        try {
            // its port is not looked at: a client that a proxy names may have the port 0
            return NetUtil.createByteArrayFromIpAddressString(
                    HostPort.host(peer.substring(0, Math.max(0, peer.lastIndexOf(':')))));
        } catch (IllegalArgumentException none) {
            return null;
        }
    }
}
