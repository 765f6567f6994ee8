package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.FakeServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers at IPv6 addresses, and names with several addresses (RFC 8305). */
class AddressesTest {
    private static final FakeServer.Script WORLD = (peer, nth) -> {
        peer.read("Hello".length());
        peer.write("World");
    };

    private static final FakeServer.Script SESSION = (peer, nth) -> {
        peer.readLine();
        peer.write("GREETING/2\n");
        peer.copyReplacing("Hello", "World");
    };

    static Stream<Arguments> commands() {
        return Stream.of("[::1]", "[0:0:0:0:0:0:0:1]", "[::1%lo]", "localhost", "LOCALHOST", "localhost.")
                .flatMap(host -> Stream.of(
                        Arguments.of(host, "hello", WORLD, "World"),
                        Arguments.of(host, "hello --session", SESSION, "World"),
                        Arguments.of(host, "get", json("{}"), "HTTP/1.1 200 OK"),
                        Arguments.of(host, "health", json("{\"status\":\"UP\"}"), "UP"),
                        Arguments.of(
                                host,
                                "stats",
                                json(StatsSample.TWO_NODES.toJson().encode()),
                                "cluster, answered by")));
    }

    private static FakeServer.Script json(String body) {
        return (peer, nth) -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n" + body);
        };
    }

    @ParameterizedTest
    @MethodSource("commands")
    void reachesAServerAtIpv6Alone(String host, String command, FakeServer.Script script, String printed) {
        try (FakeServer server = FakeServer.at(0, "::1", script)) {
            Cli run = Cli.run((command + " " + host + ":" + server.port()).split(" "));
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).startsWith(printed);
            assertThat(run.code()).isZero();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "get", "stats", "health", "stats --over=event-bus"})
    void namesAnAddressInBrackets(String command) throws IOException {
        int port = portOf("::1");
        assertThat(Cli.run((command + " [0:0::1]:" + port).split(" ")).err())
                .contains("[::1]:" + port)
                .endsWith(": connection refused\n")
                .hasLineCount(1);
    }

    @Test
    void sendsTheAddressInBracketsAsHost() throws Exception {
        try (FakeServer server = FakeServer.at(0, "::1", json("{}"))) {
            Cli.run("get", "http://[::1%lo]:" + server.port() + "/");
            assertThat(server.request()).contains("\r\nhost: [::1]:" + server.port() + "\r\n");
        }
    }

    @Test
    void triesTheNextAddressWhileTheFirstSaysNothing() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getAllByName("::1")[0]);
                FakeServer server = FakeServer.at(full.getLocalPort(), "127.0.0.1", WORLD)) {
            List<SocketChannel> waiting = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                // the kernel answers no more connects once its queue is full
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
                waiting.add(channel);
            }
            assertThat(Cli.run("hello", "localhost:" + server.port(), "--timeout=30s"))
                    .isEqualTo(Cli.done("World\n"));
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "get, 127.0.0.1",
        "get, [::1]",
        "get, localhost",
        "get, LOCALHOST.",
        "stats --over=event-bus, 127.0.0.1",
        "stats --over=event-bus, [::1]",
        "stats --over=event-bus, localhost.",
        "health, [::1]",
        "health, LOCALHOST"
    })
    void asksForANameOverTlsAndForNoAddress(String command, String host) throws Exception {
        try (FakeServer server = FakeServer.at(0, host.equals("[::1]") ? "::1" : "127.0.0.1", (peer, nth) -> {
            String head = peer.read(5);
            peer.read((head.charAt(3) << 8) + head.charAt(4));
        })) {
            Cli.run((command + " https://" + host + ":" + server.port() + "/").split(" "));
            String clientHello = server.request();
            assertThat(clientHello).hasSizeGreaterThan(100);
            // RFC 6066, section 3: a list with one name, a host's, and no dot at its end
            String name = "\0\u000c\0\0\u0009localhost";
            if (!host.contains("1")) {
                assertThat(clientHello).contains(name).doesNotContain("localhost.");
            } else {
                assertThat(clientHello).doesNotContain("localhost").doesNotContain(host);
            }
        }
    }

    /** A server that takes one connection at a time is asked by one. */
    @ParameterizedTest
    @ValueSource(strings = {"hello", "get", "stats", "stats --over=event-bus", "health"})
    void connectsOnceThoughANameHasSeveralAddresses(String command) throws Exception {
        try (FakeServer server = FakeServer.at(0, "::1", (peer, nth) -> peer.write("Error busy nth " + nth))) {
            Cli.run((command + " localhost:" + server.port()).split(" "));
            assertThat(server.accepted()).isOne();
        }
    }

    private static int portOf(String address) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getAllByName(address)[0])) {
            return free.getLocalPort();
        }
    }
}
