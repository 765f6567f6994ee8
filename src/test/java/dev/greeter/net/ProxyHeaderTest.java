package dev.greeter.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.net.ServerBinding.Admission;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final String REQUESTS = "GREETING/2\nHello 1\nHello 2\n";
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String IPV4 = "0a010203" + "c0000209" + "1267" + "04d2";
    private static final String IPV6 =
            "20010db8000000000000000000000007" + "20010db8000000000000000000000009" + "1267" + "04d2";
    private static final String UNIX = "2f746d702f78" + "00".repeat(210);
    /** A certificate of a client, of which the codec reads the parts, and what nobody knows. */
    private static final String VALUES = "20000f" + "0100000000" + "21000754" + "4c5376312e33" + "e10001ff";

    /** Each header with the address that it names; the proxy's own stands for none. */
    static final List<Arguments> HEADERS = List.of(
            text("PROXY TCP4 10.1.2.3 192.0.2.9 4711 1234\r\n", "10.1.2.3:4711"),
            text("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535"),
            text("PROXY TCP6 2001:db8::7 2001:db8::9 4711 1234\r\n", "[2001:db8::7]:4711"),
            text("PROXY TCP6 ::ffff:10.1.2.3 2001:db8::9 4711 1234\r\n", "10.1.2.3:4711"),
            text("PROXY TCP4 10.1.2.3 192.0.2.9 0 80\r\n", "10.1.2.3:0"),
            text("PROXY TCP6 2001:db8::7 2001:db8::9 4711 0\r\n", "[2001:db8::7]:4711"),
            text("PROXY UNKNOWN\r\n", ""),
            text("PROXY UNKNOWN " + "f".repeat(107 - 16) + "\r\n", ""),
            binary("2111000c" + IPV4.substring(0, 16) + "00000000", "10.1.2.3:0"),
            binary("2111000c" + IPV4, "10.1.2.3:4711"),
            binary("21210024" + IPV6, "[2001:db8::7]:4711"),
            binary("2111" + "%04x".formatted(12 + VALUES.length() / 2) + IPV4 + VALUES, "10.1.2.3:4711"),
            binary("2111100c" + IPV4 + "e00ffd" + "ab".repeat(0x0ffd), "10.1.2.3:4711"),
            binary("213100d8" + UNIX, ""),
            binary("21000000", ""),
            binary("20000000", ""),
            binary("2011000c" + IPV4, ""));

    private static Arguments text(String header, String client) {
        return Arguments.of(header, client);
    }

    private static Arguments binary(String rest, String client) {
        return Arguments.of(octets(SIGNATURE + rest), client);
    }

    private static String octets(String hex) {
        return new String(HexFormat.of().parseHex(hex), ISO_8859_1);
    }

    private final ServerBinding binding = new ServerBinding("127.0.0.1", ProxiedConnection.PORT, 7, 2, 1, null);

    private ProxiedConnection connect() throws Exception {
        return new ProxiedConnection().accept(binding);
    }

    private static void send(ProxiedConnection connection, String octets) {
        if (!octets.isEmpty()) {
            connection.writeInbound(Unpooled.copiedBuffer(octets, ISO_8859_1));
        }
    }

    @ParameterizedTest
    @FieldSource("HEADERS")
    void givesTheServerTheAddressAndWhatIsBehindTheHeader(String header, String client) throws Exception {
        String sent = header + REQUESTS;
        // a long header is not split at each of its octets
        int step = Math.max(1, header.length() / 500);
        for (int split = 0; split <= sent.length(); split += step) {
            ProxiedConnection connection = connect();
            send(connection, sent.substring(0, split));
            assertThat(connection.served).as("split at %d", split).isEqualTo(split >= header.length() ? 1 : 0);
            send(connection, sent.substring(split));
            assertServed(connection, client);
        }
    }

    @ParameterizedTest
    @FieldSource("HEADERS")
    void readsAHeaderThatComesOctetByOctet(String header, String client) throws Exception {
        ProxiedConnection connection = connect();
        (header + REQUESTS).chars().forEach(octet -> send(connection, String.valueOf((char) octet)));
        assertServed(connection, client);
    }

    private void assertServed(ProxiedConnection connection, String client) {
        assertThat(connection.served).isEqualTo(1);
        assertThat(connection.client).isEqualTo(client);
        assertThat(connection.read).asString().isEqualTo(REQUESTS);
        assertThat(connection.pipeline().names()).as("its handlers").hasSize(2);
        ProxyHeader.Accepted accepted = Objects.requireNonNull(ProxyHeader.taken(connection));
        assertThat(accepted.admission()).isEqualTo(Admission.ADMITTED);
        binding.release(accepted.admission());
        connection.finishAndReleaseAll();
    }

    /** Each is closed with its last octet, and not before. */
    static Stream<String> notHeaders() {
        return Stream.of(
                "H",
                "PROXI",
                "PROXY\t",
                "PROXY TCP4\r\n",
                "PROXY TCP5 10.1.2.3 192.0.2.9 4711 1234\r\n",
                "PROXY TCP4 10.1.2.3 192.0.2.9 4711\r\n",
                "PROXY TCP4 10.1.2.3 192.0.2.9 4711 65536\r\n",
                "PROXY TCP4 10.1.2.256 192.0.2.9 4711 1234\r\n",
                "PROXY TCP4 2001:db8::7 2001:db8::9 4711 1234\r\n",
                "PROXY TCP6 10.1.2.3 192.0.2.9 4711 1234\r\n",
                "PROXY UDP4 10.1.2.3 192.0.2.9 4711 1234\r\n",
                "PROXY TCP4 10.1.2.3 192.0.2.9 65536 1234\r\n",
                "PROXY TCP4 10.1.2.3 192.0.2.9 04711 1234\r\n",
                "PROXY TCP4 10.1.2.3 192.0.2.9 +4711 1234\r\n",
                "PROXY TCP4 10.1.2.3 192.0.2.9 4711 -1\r\n",
                "PROXY TCP4 10.1.2.03 192.0.2.9 4711 1234\r\n",
                "PROXY TCP6 [2001:db8::7] 2001:db8::9 4711 1234\r\n",
                "PROXY TCP6 fe80::7%1 2001:db8::9 4711 1234\r\n",
                "PROXY TCP4  10.1.2.3 192.0.2.9 4711 1234\r\n",
                "PROXY TCP4 10.1.2.3 192.0.2.9 4711 1234 \r\n",
                "PROXY UNKNOWNS\r\n",
                "PROXY UNKNOWN " + "f".repeat(107 - 14),
                "\r\n\r\r",
                octets(SIGNATURE + "11"),
                octets(SIGNATURE + "ff"),
                octets(SIGNATURE + "2211000c" + IPV4),
                octets(SIGNATURE + "2141000c" + IPV4),
                octets(SIGNATURE + "2112000c" + IPV4),
                octets(SIGNATURE + "2111000b" + IPV4.substring(2)),
                octets(SIGNATURE + "21210023" + IPV6.substring(2)),
                octets(SIGNATURE + "2111000f" + IPV4 + "e00001"));
    }

    @ParameterizedTest
    @MethodSource("notHeaders")
    void closesAConnectionThatBeginsOtherwise(String octets) throws Exception {
        ProxiedConnection connection = connect();
        send(connection, octets.substring(0, octets.length() - 1));
        assertThat(connection.isOpen()).as("before its last octet").isTrue();
        send(connection, octets.substring(octets.length() - 1) + REQUESTS);
        assertRefused(connection);
        // its place is free again
        assertThat(binding.isFull()).isFalse();
        assertThat(List.of(binding.takePlace(), binding.takePlace())).containsOnly(Admission.ADMITTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"21111100", "2111ffff"})
    void closesAHeaderThatIsTooLongWithoutWaitingForAllOfIt(String longHeader) throws Exception {
        ProxiedConnection connection = connect();
        send(connection, octets(SIGNATURE + longHeader + IPV4) + "x".repeat(0x41f0));
        assertRefused(connection);
    }

    private static void assertRefused(ProxiedConnection connection) {
        assertThat(connection.isOpen()).isFalse();
        assertThat(connection.served).isZero();
        assertThat(connection.read).isEmpty();
        assertThat(connection.<Object>readOutbound()).isNull();
        connection.finishAndReleaseAll();
    }
}
