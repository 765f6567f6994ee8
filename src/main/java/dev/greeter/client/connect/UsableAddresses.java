package dev.greeter.client.connect;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The addresses of a name that has both IPv4 and IPv6 addresses, without a family that clients on this machine would not use: one
 * to which it has no route, or none but from an address that IPv4 is preferred to (RFC 6724, section 6).
 */
final class UsableAddresses {
    /** A connected datagram socket sends nothing, so any port would do but 0. */
    private static final int DISCARD_PORT = 9;

    private static final int UNIQUE_LOCAL = 0xFC;
    private static final int UNIQUE_LOCAL_MASK = 0xFE;

    private UsableAddresses() {}

    /** Returns all of them if no family is usable, because the failure is the caller's to report then. */
    static List<InetAddress> of(List<InetAddress> addresses) {
        return of(addresses, UsableAddresses::hasRoute);
    }

    static List<InetAddress> of(List<InetAddress> addresses, Predicate<InetAddress> hasRoute) {
        List<List<InetAddress>> families = Stream.of(Inet4Address.class, Inet6Address.class)
                .map(family -> addresses.stream().filter(family::isInstance).toList())
                .filter(family -> !family.isEmpty())
                .toList();
        if (families.size() < 2) {
            return addresses;
        }
        // one address without a route is that target's fault, and a loss to report
        List<InetAddress> usable = families.stream()
                .filter(family -> family.stream().anyMatch(hasRoute))
                .flatMap(List::stream)
                .toList();
        return usable.isEmpty() ? addresses : usable;
    }

    private static boolean hasRoute(InetAddress address) {
        try (DatagramChannel datagrams = DatagramChannel.open()) {
            try {
                datagrams.connect(new InetSocketAddress(address, DISCARD_PORT));
                return !(datagrams.getLocalAddress() instanceof InetSocketAddress source)
                        || leads(source.getAddress(), address);
            } catch (IOException noRoute) {
                return false;
            }
        } catch (IOException noDescriptor) {
            // the connect reports it
            return true;
        }
    }

    /** Whether answers come back: beyond its network nobody knows the way to a local address of IPv6. */
    static boolean leads(InetAddress source, InetAddress target) {
        return !isLocal(source) || isLocal(target);
    }

    private static boolean isLocal(InetAddress address) {
        return address instanceof Inet6Address
                && (address.isLinkLocalAddress() || (address.getAddress()[0] & UNIQUE_LOCAL_MASK) == UNIQUE_LOCAL);
    }
}
