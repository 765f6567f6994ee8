package dev.greeter.http;

import io.netty.util.NetUtil;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The grammar of a request's target and of its Host (RFC 3986, section 3). */
final class UriSyntax {
    private static final int MAX_PORT = 65_535;
    private static final BitSet HEX_DIGIT = octets("0123456789ABCDEFabcdef");
    private static final BitSet REG_NAME = regName();
    private static final BitSet PATH = with(REG_NAME, ":@/");
    private static final BitSet QUERY = with(PATH, "?");

    /** An IPv6 address, perhaps with a port, in three parts: all before the last two groups, these as IPv4, and the rest. */
    private static final Pattern WITH_IPV4 = Pattern.compile("(\\[[0-9A-Fa-f:]*:)([0-9]+(?:\\.[0-9]+){3})(].*)");

    private UriSyntax() {}

    /** Whether it is a target in origin-form: an absolute path, perhaps with a query (RFC 9112, section 3.2.1). */
    static boolean isPathAndQuery(String text) {
        int query = text.indexOf('?');
        String path = query < 0 ? text : text.substring(0, query);
        return path.startsWith("/") && isOf(PATH, path) && (query < 0 || isOf(QUERY, text.substring(query + 1)));
    }

    /** Whether it is a host, perhaps with a port, without user information. */
    static boolean isHostAndPort(String text) {
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        String host = hostEnd < 0 ? text : text.substring(0, hostEnd);
        String port = text.substring(host.length());
        return isHost(inGroupsAlone(host)) && (port.isEmpty() || isPort(port));
    }

    /**
     * Returns the same host and port in the form that Netty and Vert.x read: the last two groups of an IPv6 address, which may
     * be written as an IPv4 address (RFC 3986, section 3.2.2), are groups.
     */
    static String inGroupsAlone(String hostAndPort) {
        if (!hostAndPort.startsWith("[")) {
            return hostAndPort;
        }
        Matcher matcher = WITH_IPV4.matcher(hostAndPort);
        if (!matcher.matches() || !NetUtil.isValidIpV4Address(matcher.group(2))) {
            return hostAndPort;
        }
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(matcher.group(2));
        String groups = "%02x%02x:%02x%02x".formatted(octets[0], octets[1], octets[2], octets[3]);
        return matcher.group(1) + groups + matcher.group(3);
    }

    private static boolean isHost(String host) {
        if (host.startsWith("[")) {
            String address = host.substring(1, host.length() - 1);
            // a zone has a meaning only on its own node
            return address.indexOf('%') < 0 && NetUtil.isValidIpV6Address(address);
        }
        return !host.isEmpty() && isOf(REG_NAME, host);
    }

    /** May be empty behind its colon. */
    private static boolean isPort(String colonAndDigits) {
        int port = 0;
        for (int i = 1; i < colonAndDigits.length(); i++) {
            int digit = colonAndDigits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            port = Math.min(port * 10 + digit, MAX_PORT + 1);
        }
        return colonAndDigits.startsWith(":") && port <= MAX_PORT;
    }

    private static boolean isOf(BitSet allowed, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                if (i + 2 >= text.length()
                        || !HEX_DIGIT.get(text.charAt(i + 1))
                        || !HEX_DIGIT.get(text.charAt(i + 2))) {
                    return false;
                }
                i += 2;
            } else if (!allowed.get(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static BitSet regName() {
        BitSet octets = octets("-._~!$&'()*+,;=");
        octets.set('0', '9' + 1);
        octets.set('A', 'Z' + 1);
        octets.set('a', 'z' + 1);
        return octets;
    }

    private static BitSet with(BitSet octets, String more) {
        BitSet all = octets(more);
        all.or(octets);
        return all;
    }

    private static BitSet octets(String characters) {
        BitSet octets = new BitSet(128);
        characters.chars().forEach(octets::set);
        return octets;
    }
}
