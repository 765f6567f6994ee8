package dev.greeter.process.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.SelfSignedCertificate;
import dev.greeter.testing.TlsOctets;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attackers over TLS who hold nearly every connection that the limits allow, each with as much memory as a connection can take. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class HostileLimitsIT {
    /** Honest clients have the other places. */
    private static final int LEFT = 16;

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
        service = UnderAttack.overTls(folder, "greeting.handshakeTimeout=5m", "http.requestTimeout=5m");
    }

    @Test
    void holdsEveryConnectionThatItLetsInAtItsLargest() throws Exception {
        JsonObject limits = service.greeter.line("connection limits lowered to what the process has");
        int greetings = limits.getInteger("greeting.maxConnections") - LEFT;
        int requests = limits.getInteger("http.maxConnections") - LEFT;
        attack(greetings, requests);
        service.settle();
        attack(greetings, requests);
    }

    private void attack(int greetings, int requests) throws Exception {
        ConcurrentLinkedQueue<Wire> wires = new ConcurrentLinkedQueue<>();
        try {
            attackers.run(greetings, THREADS, number -> wires.add(greeting(number)));
            attackers.run(requests, THREADS, number -> wires.add(request(number)));
            assertThat(service.scrape().sum("greeter_connections")).isGreaterThanOrEqualTo(greetings + requests);
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
        Wire wire = new Wire(service.greetingPort, RECEIVE_BUFFER_OCTETS, attacker);
        return switch (number % 3) {
            case 0 -> wire.send("GREETING/2\n" + ("Hello " + "x".repeat(64) + "\n").repeat(200));
            case 1 -> wire.send("GREETING/2\nHello " + "x".repeat(60));
            default -> wire.handshake().sendBelow(TlsOctets.unfinishedRecord());
        };
    }

    private static Wire request(int number) throws IOException {
        Wire wire = new Wire(service.httpPort, RECEIVE_BUFFER_OCTETS, attacker);
        return switch (number % 4) {
            case 0 -> wire.send("GET /dashboard HTTP/1.1\r\nhost: a\r\n\r\n".repeat(100));
            case 1 -> wire.send("GET / HTTP/1.1\r\nhost: a\r\nx: " + "y".repeat(7_000));
            case 2 -> wire.send("GET / HTTP/1.1\r\nhost: a\r\n" + "x: y\r\n".repeat(98));
            default -> wire.handshake().sendBelow(TlsOctets.unfinishedRecord());
        };
    }

    @AfterAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void isUnharmed() throws Exception {
        try (UnderAttack ended = service) {
            ended.assertUnharmed();
        }
    }
}
