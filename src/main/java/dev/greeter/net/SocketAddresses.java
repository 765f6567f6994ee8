package dev.greeter.net;

import dev.greeter.config.value.HostPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.SocketAddressImpl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Vert.x's addresses of sockets, from and to the text that people read (RFC 5952). */
public final class SocketAddresses {
    private SocketAddresses() {}

    /**
     * Where to listen.
     *
     * @param host a name or an address, without brackets
     * @param port 0 for a free one, which all servers with the same id share
     * @throws UnknownHostException if the host has a zone that this machine has no interface of
     */
    public static SocketAddress listening(String host, int port, int freePortId) throws UnknownHostException {
        // otherwise each would get another free port
        int shared = port == 0 ? -freePortId : port;
        // Vert.x reads no zone by its name, and prints the host as it stands here
        return host.contains(":")
                ? new SocketAddressImpl("[" + host + "]", shared, InetAddress.getByName(host))
                : new SocketAddressImpl(shared, host);
    }

    /** A peer as logs and exchanges have it: {@code 10.0.0.7:4711} or {@code [::1]:4711}. */
    public static String text(SocketAddress address) {
        return new HostPort(host(address), address.port()).toString();
    }

    /** The same of a peer as Netty has it. */
    static String text(java.net.SocketAddress address) {
        return address instanceof InetSocketAddress ip ? HostPort.of(ip).toString() : String.valueOf(address);
    }

    /**
     * Returns a number for the client behind an address, the same as that of the limits of {@code peers}: an IPv4 address, or the
     * first 64 bits of an IPv6 address, because a host may use any of the rest.
     */
    public static long client(SocketAddress address) {
        InetAddress ip = ((SocketAddressImpl) address).ipAddress();
        return ip == null ? 0 : PeerLimit.key(ip);
    }

    private static String host(SocketAddress address) {
        InetAddress ip = ((SocketAddressImpl) address).ipAddress();
        return ip == null ? address.host() : HostPort.text(ip);
    }
}
