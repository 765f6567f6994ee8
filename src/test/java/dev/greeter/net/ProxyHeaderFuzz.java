package dev.greeter.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What comes from a proxy, whole and in segments, has one result: a connection that is closed, one that waits, or one that is
 * served with the client's address and exactly the octets behind the header; and the connection's place is given back.
 */
public final class ProxyHeaderFuzz {
    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final int MAX_TEXT_OCTETS = 107;
    private static final int MAX_BINARY_OCTETS = 16 + 216 + (4 << 10);

    private ProxyHeaderFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) throws Exception {
        String whole = result(octets, Math.max(1, octets.length));
        String segmented = result(octets, 1 + octets.length % 5);
        String expected = expected(octets);
        // what version 2 says beyond addresses is not in the plain reading
        boolean mayClose = octets.length > 0 && octets[0] != 'P' && !expected.equals("waits");
        if (!whole.equals(segmented) || !(whole.equals(expected) || (mayClose && whole.equals("closed")))) {
            throw new AssertionError("expected " + expected + ", whole " + whole + ", in segments " + segmented);
        }
    }

    /** What a plain reading of the octets finds, for a header without mistakes. */
    private static String expected(byte[] octets) throws UnknownHostException {
        if (octets.length == 0) {
            return "waits";
        }
        return octets[0] == 'P' ? text(octets) : binary(octets);
    }

    private static String text(byte[] octets) throws UnknownHostException {
        String text = new String(octets, ISO_8859_1);
        if (!text.startsWith("PROXY ".substring(0, Math.min(6, text.length())))) {
            return "closed";
        }
        int end = text.indexOf("\r\n");
        if (end < 0 || end + 2 > MAX_TEXT_OCTETS) {
            return text.length() < MAX_TEXT_OCTETS ? "waits" : "closed";
        }
        String[] words = text.substring(0, end).split(" ", -1);
        if (words.length > 1 && words[1].equals("UNKNOWN")) {
            return "served  " + text.substring(end + 2);
        }
        boolean isFour = words.length == 6 && words[1].equals("TCP4");
        boolean isSix = words.length == 6 && words[1].equals("TCP6");
        if (!(isFour || isSix)
                || !isAddress(words[2], isFour)
                || !isAddress(words[3], isFour)
                || !isPort(words[4])
                || !isPort(words[5])) {
            return "closed";
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(words[2]);
        return "served " + client(address, Integer.parseInt(words[4])) + " " + text.substring(end + 2);
    }

    private static boolean isAddress(String text, boolean isFour) {
        return isFour
                ? text.matches("(\\d+\\.){3}\\d+")
                        && Arrays.stream(text.split("\\.")).allMatch(number -> isNumber(number, 255))
                : text.matches("[^\\[%]+") && NetUtil.isValidIpV6Address(text);
    }

    private static boolean isPort(String text) {
        return isNumber(text, 65_535);
    }

    private static boolean isNumber(String text, int most) {
        return text.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(text) <= most;
    }

    private static String binary(byte[] octets) throws UnknownHostException {
        int length = Math.min(octets.length, SIGNATURE.length);
        if (!Arrays.equals(octets, 0, length, SIGNATURE, 0, length) || (octets.length > 12 && octets[12] >> 4 != 2)) {
            return "closed";
        }
        if (octets.length < 16) {
            return "waits";
        }
        int end = 16 + ((octets[14] & 0xff) << 8 | (octets[15] & 0xff));
        if (octets.length < end) {
            return octets.length > MAX_BINARY_OCTETS ? "closed" : "waits";
        }
        boolean local = (octets[12] & 0xf) == 0;
        int family = octets[13] >> 4;
        String client = "";
        if (!local && (family == 1 || family == 2)) {
            int size = family == 1 ? 4 : 16;
            if (end < 16 + 2 * size + 4) {
                return "closed";
            }
            int port = 16 + 2 * size;
            client = client(
                    Arrays.copyOfRange(octets, 16, 16 + size), (octets[port] & 0xff) << 8 | (octets[port + 1] & 0xff));
        }
        return "served " + client + " " + new String(octets, end, octets.length - end, ISO_8859_1);
    }

    private static String client(byte[] address, int port) throws UnknownHostException {
        return SocketAddresses.text(io.vertx.core.net.SocketAddress.inetSocketAddress(
                new InetSocketAddress(InetAddress.getByAddress(address), port)));
    }

    private static String result(byte[] octets, int segment) throws Exception {
        ServerBinding binding = new ServerBinding("127.0.0.1", ProxiedConnection.PORT, 7, 1, 0, null);
        ProxiedConnection connection = new ProxiedConnection();
        String result;
        try {
            connection.accept(binding);
            result = result(connection, octets, segment);
        } finally {
            ProxyHeader.Accepted accepted = ProxyHeader.taken(connection);
            if (accepted != null && connection.isOpen()) {
                binding.release(accepted.admission());
            }
            connection.finishAndReleaseAll();
        }
        if (binding.isFull()) {
            throw new AssertionError("its place is not given back");
        }
        return result;
    }

    private static String result(ProxiedConnection connection, byte[] octets, int segment) {
        for (int from = 0; from < octets.length; from += segment) {
            ByteBuf part = Unpooled.copiedBuffer(octets, from, Math.min(segment, octets.length - from));
            if (connection.isOpen()) {
                connection.writeInbound(part);
            } else {
                part.release();
            }
            connection.checkException();
        }
        if (connection.served > 0) {
            return "served " + connection.client + " " + connection.read;
        }
        if (connection.isOpen()) {
            return "waits";
        }
        return "closed" + (connection.read.isEmpty() ? "" : " with octets");
    }
}
