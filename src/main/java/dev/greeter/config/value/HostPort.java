package dev.greeter.config.value;

import java.net.IDN;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host and its port, written and read in one notation everywhere: {@code name:1234}, {@code 10.0.0.7:1234} or
 * {@code [::1]:1234} (RFC 3986, section 3.2.2). It never asks a name server.
 *
 * @param host a name in ASCII, an IPv4 address, or an IPv6 address without brackets, in the form of RFC 5952 and with its zone
 */
public record HostPort(String host, int port) {
    /** The greatest port. */
    public static final int MAX_PORT = 65_535;

    private static final int MAX_NAME_OCTETS = 253;
    private static final int IPV6_GROUPS = 8;

    /** RFC 1123 allows no underscores, but names in clusters and of containers have them. */
    private static final Pattern NAME = Pattern.compile("\\w(?:[\\w-]{0,61}\\w)?(?:\\.\\w(?:[\\w-]{0,61}\\w)?)*\\.?");

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(?:.*\\.)?\\d+\\.?");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:%([\\w.-]+))?");

    /** The address that a socket is bound or connected to. */
    public static HostPort of(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return new HostPort(ip == null ? address.getHostString() : text(ip), address.getPort());
    }

    /**
     * Reads {@code HOST[:PORT]}.
     *
     * @param defaultPort the port where none is written
     * @throws IllegalArgumentException with a message that says what is wrong, without the text
     */
    public static HostPort parse(String text, int defaultPort) {
        return parse(text, defaultPort, 1);
    }

    /** Reads {@code HOST:PORT}, where port 0 is any free one. */
    public static HostPort parseToListen(String text) {
        return parse(text, -1, 0);
    }

    private static HostPort parse(String text, int defaultPort, int minPort) {
        int colon = text.startsWith("[") ? text.indexOf(':', text.indexOf(']') + 1) : text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? String.valueOf(defaultPort) : text.substring(colon + 1);
        if (colon >= 0 && !text.startsWith("[") && port.contains(":")) {
            throw new IllegalArgumentException("an IPv6 address needs brackets, such as [::1]");
        }
        return new HostPort(host(host), port(port, minPort));
    }

    /**
     * Reads a name, an IPv4 address, or an IPv6 address in brackets. Names beyond ASCII become A-labels (RFC 5890).
     *
     * @throws IllegalArgumentException with a message that says what is wrong, without the text
     */
    public static String host(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("it has no host");
        }
        if (text.startsWith("[")) {
            if (!text.endsWith("]")) {
                throw new IllegalArgumentException("the brackets hold no IPv6 address");
            }
            return ipv6(text.substring(1, text.length() - 1));
        }
        String name = ascii(text);
        if (name.length() > MAX_NAME_OCTETS || !isNameOrIpv4(name)) {
            throw new IllegalArgumentException("the host is neither a name nor an address");
        }
        return name;
    }

    /** Returns the address that a host is, without its zone; nothing for a name. */
    public static Optional<InetAddress> address(String host) {
        if (!host.contains(":") && !IPV4.matcher(host).matches()) {
            return Optional.empty();
        }
        int zone = host.indexOf('%');
        try {
            return Optional.of(InetAddress.getByName(zone < 0 ? host : host.substring(0, zone)));
        } catch (UnknownHostException notOne) {
            return Optional.empty();
        }
    }

    /** The text of an address for people; that of an IPv6 address is in the form of RFC 5952, without brackets. */
    public static String text(InetAddress address) {
        if (!(address instanceof Inet6Address ipv6)) {
            return address.getHostAddress();
        }
        String zone = ipv6.getHostAddress();
        int mark = zone.indexOf('%');
        return shortened(ipv6.getAddress()) + (mark < 0 ? "" : zone.substring(mark));
    }

    /**
     * Checks the zone of an IPv6 address that has one (RFC 4007), and returns this.
     *
     * @throws IllegalArgumentException if the zone is no network interface of this machine
     */
    public HostPort withLocalZone() {
        String zone = host.substring(host.indexOf('%') + 1);
        try {
            if (host.contains("%") && !NUMBER.matcher(zone).matches() && NetworkInterface.getByName(zone) == null) {
                throw new IllegalArgumentException("the zone of the address is no network interface of this machine");
            }
            return this;
        } catch (SocketException e) {
            throw new IllegalArgumentException("the network interfaces of this machine are not known", e);
        }
    }

    /** The host as it stands before a port. */
    public String bracketed() {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    @Override
    public String toString() {
        return bracketed() + ":" + port;
    }

    private static boolean isNameOrIpv4(String name) {
        Pattern pattern = ENDS_IN_NUMBER.matcher(name).matches() ? IPV4 : NAME;
        return pattern.matcher(name).matches();
    }

    private static int port(String text, int min) {
        int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : -1;
        if (port < min || port > MAX_PORT) {
            throw new IllegalArgumentException("the port is not a number from " + min + " to " + MAX_PORT);
        }
        return port;
    }

    private static String ascii(String name) {
        try {
            return name.chars().allMatch(c -> c < 0x80)
                    ? name
                    : IDN.toASCII(name).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the host is no internationalized name", e);
        }
    }

    /** The zone stays as it is written, because only the machine that connects knows its interfaces. */
    private static String ipv6(String text) {
        var matcher = IPV6.matcher(text);
        try {
            if (matcher.matches()) {
                String zone = matcher.group(2);
                byte[] octets =
                        InetAddress.getByName("[" + matcher.group(1) + "]").getAddress();
                // the JDK returns a mapped IPv4 address as an IPv4 address
                String address = octets.length == 4 ? matcher.group(1).toLowerCase(Locale.ROOT) : shortened(octets);
                return zone == null ? address : address + "%" + zone;
            }
        } catch (UnknownHostException notOne) {
            // refused below
        }
        throw new IllegalArgumentException("the brackets hold no IPv6 address");
    }

    private static String shortened(byte[] octets) {
        int[] groups = new int[IPV6_GROUPS];
        for (int i = 0; i < IPV6_GROUPS; i++) {
            groups[i] = ((octets[2 * i] & 0xff) << Byte.SIZE) | (octets[2 * i + 1] & 0xff);
        }
        int start = 0;
        int length = 0;
        for (int i = 0; i < IPV6_GROUPS; i++) {
            int end = i;
            while (end < IPV6_GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        // one group of zeros is not shortened
        return length < 2
                ? joined(groups, 0, IPV6_GROUPS)
                : joined(groups, 0, start) + "::" + joined(groups, start + length, IPV6_GROUPS);
    }

    private static String joined(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
