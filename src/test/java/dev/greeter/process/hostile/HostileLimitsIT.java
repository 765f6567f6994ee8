package dev.greeter.process.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.SelfSignedCertificate;
import dev.greeter.testing.TlsOctets;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attackers who hold nearly every connection that the limits allow, over TLS where there is, each with as much memory as it can take. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class HostileLimitsIT {
    /** Honest clients have the other places. */
    private static final int LEFT = 16;

    /** Clients of the management port have no limit in the configuration. */
    private static final int MANAGEMENT = 96 - LEFT;

    private static final String PROXY = "127.0.0.2";
    private static final int THREADS = 4;
    private static final int RECEIVE_BUFFER_OCTETS = 4_096;

    @TempDir
    static Path folder;

    private static UnderAttack service;
    private static SSLContext attacker;

    private final Attackers attackers = new Attackers();

    @BeforeAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void start() throws Exception {
        attacker = SelfSignedCertificate.strangerContext();
        // long enough for the last attacker to come before the first has to go
        service = UnderAttack.overTls(
                folder,
                "greeting.handshakeTimeout=5m",
                "http.requestTimeout=5m",
                "greeting.proxyProtocol.from=" + PROXY);
    }

    @Test
    void holdsEveryConnectionThatItLetsInAtItsLargest() throws Exception {
        JsonObject limits = service.greeter.line("connection limits lowered to what the process has");
        int greetings = limits.getInteger("greeting.maxConnections") - LEFT;
        int messages = limits.getInteger("bridge.maxConnections");
        int requests = limits.getInteger("http.maxConnections") - messages - LEFT;
        attack(greetings, requests, messages);
        service.settle();
        attack(greetings, requests, messages);
    }

    private void attack(int greetings, int requests, int messages) throws Exception {
        ConcurrentLinkedQueue<Wire> wires = new ConcurrentLinkedQueue<>();
        try {
            attackers.run(greetings, THREADS, number -> wires.add(greeting(number)));
            attackers.run(requests, THREADS, number -> wires.add(request(number)));
            attackers.run(messages, THREADS, number -> wires.add(message()));
            attackers.run(MANAGEMENT, THREADS, number -> wires.add(operator(number)));
            // a proxy's connection is the server's once its header is whole
            assertThat(service.scrape().sum("greeter_connections"))
                    .isGreaterThanOrEqualTo(greetings - headers(greetings) + requests + messages);
            long got = service.honest.got();
            await().atMost(Duration.ofMinutes(1)).until(() -> service.honest.got() > got + 10);
        } finally {
            for (Wire wire : wires) {
                wire.reset();
            }
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> service.scrape().sum("greeter_connections") < LEFT);
    }

    private static Wire greeting(int number) throws IOException {
        if (isHeader(number)) {
            return new Wire(PROXY, service.greetingPort, RECEIVE_BUFFER_OCTETS, null).send(unfinishedHeader());
        }
        Wire wire = new Wire(service.greetingPort, RECEIVE_BUFFER_OCTETS, attacker);
        return switch (number % 4) {
            case 0 -> wire.send("GREETING/2\n" + ("Hello " + "x".repeat(64) + "\n").repeat(200));
            case 1 -> wire.send("GREETING/2\nHello " + "x".repeat(60));
            default -> wire.handshake().sendBelow(TlsOctets.unfinishedRecord());
        };
    }

    private static boolean isHeader(int number) {
        return number % 4 == 3;
    }

    private static int headers(int greetings) {
        return (int)
                IntStream.range(0, greetings).filter(HostileLimitsIT::isHeader).count();
    }

    /** Of version 2 (section 2.2), with as many values as are read, but for the last octet. */
    private static byte[] unfinishedHeader() {
        int values = 4 << 10;
        int addresses = 12;
        return ByteBuffer.allocate(16 + addresses + values - 1)
                .put(new byte[] {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n', 0x21, 0x11})
                .putShort((short) (addresses + values))
                .array();
    }

    private static Wire request(int number) throws IOException {
        Wire wire = new Wire(service.httpPort, RECEIVE_BUFFER_OCTETS, attacker);
        return number % 4 == 3
                ? wire.handshake().sendBelow(TlsOctets.unfinishedRecord())
                : request(wire, number % 4, "/dashboard");
    }

    private static Wire operator(int number) throws IOException {
        return request(new Wire(service.managementPort, RECEIVE_BUFFER_OCTETS), number % 3, "/metrics");
    }

    private static Wire request(Wire wire, int kind, String path) {
        String request = "GET " + path + " HTTP/1.1\r\nhost: a\r\n";
        return switch (kind) {
            case 0 -> wire.send((request + "\r\n").repeat(100));
            case 1 -> wire.send(request + "x: " + "y".repeat(7_000));
            default -> wire.send(request + "x: y\r\n".repeat(98));
        };
    }

    /** A client of the bridge who sends a message but for its last octet. */
    private static Wire message() throws IOException {
        Wire wire = HostileBridgeIT.upgrade(
                new Wire(service.httpPort, RECEIVE_BUFFER_OCTETS, attacker), HostileBridgeIT.RAW);
        String message = HostileBridgeIT.frame(HostileBridgeIT.TEXT, "x".repeat(HostileBridgeIT.MAX_MESSAGE_OCTETS));
        return wire.send(message.substring(0, message.length() - 1));
    }

    @AfterAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void isUnharmed() throws Exception {
        try (UnderAttack ended = service) {
            ended.assertUnharmed();
        }
    }
}
