package dev.greeter.cluster;

import dev.greeter.config.Config;
import dev.greeter.config.value.HostPort;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The address at which other nodes reach this one. Blocks while it looks up names. */
final class NodeAddress {
    private NodeAddress() {}

    /**
     * Returns {@code cluster.host}, or the address from which this machine reaches the others, or one of a network interface.
     *
     * @throws UnknownHostException if {@code cluster.host} does not exist
     */
    static InetAddress of(Config.Cluster config) throws IOException {
        if (!config.host().isEmpty()) {
            return InetAddress.getByName(config.host());
        }
        List<String> others = config.dns().isEmpty()
                ? config.members().stream().map(NodeAddress::host).toList()
                : List.of(config.dns());
        for (String other : others) {
            Optional<InetAddress> source = sourceTowards(other);
            if (source.isPresent()) {
                return source.get();
            }
        }
        return ofAnInterface();
    }

    private static String host(String member) {
        return HostPort.parse(member, 0).host();
    }

    /** No packet is sent: a datagram socket's connect only asks for the route. */
    private static Optional<InetAddress> sourceTowards(String host) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), 1));
            return Optional.of(socket.getLocalAddress()).filter(address -> !address.isAnyLocalAddress());
        } catch (IOException | RuntimeException unreachable) {
            return Optional.empty();
        }
    }

    private static InetAddress ofAnInterface() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(NodeAddress::isUp)
                .flatMap(each -> Collections.list(each.getInetAddresses()).stream())
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .min(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                .orElseGet(InetAddress::getLoopbackAddress);
    }

    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException gone) {
            return false;
        }
    }
}
