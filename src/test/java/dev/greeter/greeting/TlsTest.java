package dev.greeter.greeting;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.Config;
import dev.greeter.net.tls.ServerTls;
import dev.greeter.protocol.WireExample;
import dev.greeter.testing.Configs;
import dev.greeter.testing.RawClient;
import dev.greeter.testing.SelfSignedCertificate;
import dev.greeter.testing.TlsClient;
import io.vertx.core.Future;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for a connection in clear text holds over TLS. */
class TlsTest {
    private static ServerTls tls;
    private static SSLContext client;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.create(folder);
        tls = new ServerTls("greeting", certificate.tls(), List.of());
        client = SelfSignedCertificate.strangerContext();
    }

    private static Server start(Config.Greeting config) {
        return start(config, Server.GRACE);
    }

    private static Server start(Config.Greeting config, Duration grace) {
        return new Server(config, grace, Backlog.ofProcess(), tls);
    }

    private static TlsClient connect(Server server, String version) {
        return new TlsClient(server.port(), client, version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void answersEachExampleToTheOctet(String version) {
        try (Server server = start(Server.DEFAULTS)) {
            WireExamplesTest.examples().forEach(example -> {
                try (TlsClient peer = connect(server, version).handshake()) {
                    answersToTheOctet(peer, example);
                }
            });
        }
    }

    private static void answersToTheOctet(RawClient peer, WireExample example) {
        for (WireExample.Step step : example.steps()) {
            if (step.client() && step.ends()) {
                peer.halfClose();
            } else if (step.client()) {
                peer.send(step.octets());
            } else if (step.ends()) {
                assertThat(peer.rest()).as(example.name()).isEmpty();
            } else {
                assertThat(peer.octets(step.octets().length)).as(example.name()).isEqualTo(step.said());
            }
        }
    }

    /** All that a client has asked before its end is answered, however its octets are split into records and reads. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void answersAllThatCameBeforeCloseNotify(String version) {
        int lines = 20_000;
        try (Server server = start(Server.DEFAULTS);
                TlsClient peer = connect(server, version)) {
            peer.sendLastInBackground("GREETING/2\n" + "Hello\n".repeat(lines));
            assertThat(peer.rest()).isEqualTo("GREETING/2\n" + "World\n".repeat(lines));
            server.awaitTally(lines, 0, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void drainsByByeAndCloseNotify(String version) {
        try (Server server = start(Server.DEFAULTS);
                TlsClient session = connect(server, version);
                TlsClient oneShot = connect(server, version).handshake();
                RawClient unfinished = new RawClient(server.port())) {
            session.send("GREETING/2\nHello a\n");
            assertThat(session.octets("GREETING/2\nWorld a\n".length())).endsWith("World a\n");
            unfinished.send(new byte[] {22, 3, 1});
            await().until(() -> server.connections() == 3);
            Future<Void> drained = server.undeploy();
            assertThat(oneShot.send("Hello").rest()).isEqualTo("World");
            assertThat(session.rest()).isEqualTo("Bye\n");
            assertThat(unfinished.rest()).isEmpty();
            session.trySend("Hello b\n");
            session.leave();
            oneShot.leave();
            drained.await();
            server.awaitTally(2, 0, 0);
            assertThat(server.ledger.cut()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void cutsWhatDoesNotEndWithinTheGracePeriod(String version) {
        try (Server server = start(Server.DEFAULTS, Duration.ofMillis(300));
                TlsClient peer = new TlsClient(server.port(), 4_096, client, version)) {
            peer.send("GREETING/2\n");
            Thread sending = peer.sendForEver(Server.A_LOT);
            await().until(() -> server.tally().answered() > 0);
            awaitStuck(server);
            server.undeploy().await();
            assertThat(server.ledger.cut()).isEqualTo(1);
            assertThat(server.tally().failed()).isPositive();
            peer.leave();
            await().until(() -> !sending.isAlive());
        }
    }

    private static void awaitStuck(Server server) {
        long[] last = {-1, 0};
        await().pollInterval(Duration.ofMillis(250))
                .atMost(Duration.ofSeconds(50))
                .until(() -> {
                    try (TlsClient look = connect(server, "TLSv1.3")) {
                        assertThat(look.send("Hello").rest()).isEqualTo("World");
                    }
                    long answered = server.tally().answered() - last[1]++;
                    boolean same = last[0] == answered;
                    last[0] = answered;
                    return same;
                });
    }

    @Test
    void refusesAConnectionOverTheLimitAfterItsHandshake() {
        Config.Greeting config = Configs.greeting("127.0.0.1", 0, 1, 1, Duration.ofSeconds(30), Duration.ofSeconds(30));
        try (Server server = start(config);
                RawClient silent = new RawClient(server.port())) {
            await().until(() -> server.connections() == 1);
            try (TlsClient over = connect(server, "TLSv1.3")) {
                assertThat(over.handshake().rest()).startsWith("Error busy ");
            }
            silent.send("x");
            assertThat(silent.rest()).startsWith("Error bad-greeting ");
        }
    }

    /** The time for the first line is that for the handshake too, so that connections without one hold no place for long. */
    @Test
    void endsAHandshakeThatTakesTooLong() {
        Config.Greeting config =
                Configs.greeting("127.0.0.1", 0, 1, 10, Duration.ofMillis(300), Duration.ofSeconds(30));
        try (Server server = start(config);
                RawClient unfinished = new RawClient(server.port());
                RawClient silent = new RawClient(server.port())) {
            unfinished.send(new byte[] {22, 3, 1, 2});
            assertThat(unfinished.rest()).isEmpty();
            assertThat(silent.rest()).isEmpty();
            await().until(() -> server.connections() == 0);
            server.awaitTally(0, 0, 0);
        }
    }

    @Test
    void refusesClearTextInClearText() {
        try (Server server = start(Server.DEFAULTS);
                RawClient peer = new RawClient(server.port())) {
            assertThat(peer.send("Hello\n").rest()).isEqualTo("Error bad-greeting this port speaks TLS\n");
            server.awaitTally(0, 1, 0);
            assertThat(server.exchanges().get(0).reason()).isEqualTo("bad-greeting");
        }
    }

    @Test
    void countsNoExchangeWhereTheHandshakeFails() {
        long before = tls.failedHandshakes();
        try (Server server = start(Server.DEFAULTS);
                RawClient garbage = new RawClient(server.port());
                RawClient gone = new RawClient(server.port())) {
            garbage.send(new byte[] {22, 3, 1, 0, 5, 1, 2, 3, 4, 5});
            assertThat(garbage.rest()).as("an alert").hasSize(7).startsWith("\25\3");
            gone.send(new byte[] {22, 3, 1, 0}).reset();
            await().until(() -> server.connections() == 0);
            assertThat(tls.failedHandshakes() - before).isEqualTo(2);
            server.awaitTally(0, 0, 0);
        }
    }

    /** A request has its own end, so that one which is cut off is never taken for a whole one. */
    @Test
    void takesTheEndOfTheConnectionWithoutCloseNotifyForTheEndOfTheRequests() throws Exception {
        try (Server server = start(Server.DEFAULTS)) {
            Socket tcp = new Socket(InetAddress.getLoopbackAddress(), server.port());
            try (SSLSocket peer =
                    (SSLSocket) client.getSocketFactory().createSocket(tcp, "localhost", server.port(), true)) {
                peer.getOutputStream().write("GREETING/2\nHello a\nHell".getBytes(US_ASCII));
                tcp.shutdownOutput();
                assertThat(new String(peer.getInputStream().readAllBytes(), US_ASCII))
                        .isEqualTo("GREETING/2\nWorld a\nError bad-greeting the last line has no end\n");
            }
            server.awaitTally(1, 1, 0);
        }
    }

    @Test
    void countsExactlyThroughUndeployAndRedeploy() throws Exception {
        Config.Greeting config =
                Configs.greeting("127.0.0.1", 0, 2, 100, Duration.ofSeconds(30), Duration.ofSeconds(30));
        try (Server server = start(config)) {
            List<CompletableFuture<Long>> heard = new ArrayList<>();
            AtomicBoolean over = new AtomicBoolean();
            for (String version : List.of("TLSv1.2", "TLSv1.3", "TLSv1.3")) {
                heard.add(CompletableFuture.supplyAsync(() -> greetUntil(over, server, version)));
            }
            for (int i = 0; i < 3; i++) {
                long before = server.tally().answered();
                await().until(() -> server.tally().answered() > before + 500);
                server.undeploy().await();
                server.deploy();
            }
            over.set(true);
            long answers = 0;
            for (CompletableFuture<Long> answered : heard) {
                answers += answered.get();
            }
            server.awaitTally(answers, 0, 0);
            assertThat(server.ledger.drained()).isPositive();
        }
    }

    private static long greetUntil(AtomicBoolean over, Server server, String version) {
        long answers = 0;
        while (!over.get()) {
            try (TlsClient peer = connect(server, version)) {
                peer.handshake();
                peer.send("GREETING/2\n");
                peer.sendLastInBackground("Hello\n".repeat(2_000));
                answers += peer.rest().lines().filter("World"::equals).count();
            } catch (UncheckedIOException notThere) {
                // between two deployments, or accepted by no listener any more: nothing was heard
                Thread.onSpinWait();
            }
        }
        return answers;
    }
}
