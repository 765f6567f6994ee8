package dev.greeter.greeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.Config;
import dev.greeter.net.tls.ServerTls;
import dev.greeter.testing.Configs;
import dev.greeter.testing.SelfSignedCertificate;
import dev.greeter.testing.TlsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client's {@code close_notify}, however it comes and whatever comes behind it. The clients read late, so that a reset would
 * take their answers.
 */
class CloseNotifyTest {
    private static final int LINES = 2_000;
    private static final String ANSWERS = "GREETING/2\n" + "World\n".repeat(LINES);
    private static final int RECEIVE_BUFFER_OCTETS = 2_048;
    private static final int OCTETS_BEHIND = 100_000;
    private static final String WHO = "Node greeter-0\n";

    private static final byte[] LONG_ALERT = Arrays.copyOf(new byte[] {21, 3, 3, 0x40, 0}, 5 + (1 << 14));

    private static ServerTls tls;
    private static SSLContext client;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        tls = new ServerTls("greeting", SelfSignedCertificate.create(folder).tls(), List.of());
        client = SelfSignedCertificate.strangerContext();
    }

    private static Server start(Config.Greeting config) {
        return new Server(config, Server.GRACE, Backlog.ofProcess(), tls);
    }

    /** A client whose answers wait in the server's kernel. */
    private static TlsClient answered(Server server, String version) {
        long before = server.tally().answered();
        TlsClient peer = new TlsClient(server.port(), RECEIVE_BUFFER_OCTETS, client, version);
        peer.send("GREETING/2\n" + "Hello\n".repeat(LINES));
        await().until(() -> server.tally().answered() == before + LINES);
        return peer;
    }

    /** A session that shares the loop with all others, to see when that has done what came before. */
    private static TlsClient witness(Server server) {
        TlsClient witness = new TlsClient(server.port(), client, "TLSv1.3");
        witness.send("GREETING/2\n");
        assertThat(witness.octets(11)).isEqualTo("GREETING/2\n");
        return witness;
    }

    private static void awaitTurn(TlsClient witness) {
        witness.send("Who\n");
        assertThat(witness.octets(WHO.length())).isEqualTo(WHO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void isTheEndWhereverItIsSplit(String version) {
        try (Server server = start(Server.DEFAULTS);
                TlsClient witness = witness(server)) {
            int length = 2;
            for (int split = 1; split < length; split++) {
                try (TlsClient peer = answered(server, version)) {
                    byte[] octets = peer.closeNotify();
                    length = octets.length;
                    peer.sendBelow(octets, 0, split);
                    awaitTurn(witness);
                    peer.sendBelow(octets, split, length);
                    awaitTurn(witness);
                    assertThat(peer.toEnd()).isEqualTo(ANSWERS);
                }
            }
            assertThat(length).isGreaterThan(20);
            await().until(() -> server.connections() == 1);
        }
    }

    /** More than a read takes, and in a segment of its own. */
    @ParameterizedTest
    @CsvSource({"TLSv1.2, false", "TLSv1.2, true", "TLSv1.3, false", "TLSv1.3, true"})
    void isTheEndWhateverComesBehindIt(String version, boolean later) {
        try (Server server = start(Server.DEFAULTS);
                TlsClient witness = witness(server);
                TlsClient peer = answered(server, version)) {
            sendBehind(peer, witness, later);
            assertThat(peer.toEnd()).isEqualTo(ANSWERS);
            await().until(() -> server.connections() == 1);
        }
    }

    /** The server has ended its side first. */
    @ParameterizedTest
    @CsvSource({"TLSv1.2, false", "TLSv1.2, true", "TLSv1.3, false", "TLSv1.3, true"})
    void endsALingeringConnectionWhateverComesBehindIt(String version, boolean later) {
        try (Server server = start(Server.DEFAULTS);
                TlsClient witness = witness(server);
                TlsClient peer = answered(server, version)) {
            peer.send("Oops\n");
            awaitTurn(witness);
            sendBehind(peer, witness, later);
            assertThat(peer.toEnd()).startsWith(ANSWERS + "Error ");
            await().until(() -> server.connections() == 1);
        }
    }

    private static void sendBehind(TlsClient peer, TlsClient witness, boolean later) {
        byte[] octets = peer.closeNotify();
        int end = later ? octets.length : 0;
        byte[] all = Arrays.copyOf(octets, octets.length + OCTETS_BEHIND);
        if (later) {
            peer.sendBelow(all, 0, end);
            awaitTurn(witness);
        }
        peer.sendBelow(all, end, all.length);
        awaitTurn(witness);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void isTheEndEvenIfItIsCutOff(String version) {
        try (Server server = start(Server.DEFAULTS);
                TlsClient peer = answered(server, version)) {
            peer.sendBelow(peer.closeNotify(), 0, 7);
            peer.halfCloseBelow();
            assertThat(peer.toEnd()).isEqualTo(ANSWERS);
            await().until(() -> server.connections() == 0);
        }
    }

    /** One that never closes its side, though it has its answers. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void endsTheConnectionOfAClientThatStays(String version) {
        try (Server server = start(Server.DEFAULTS);
                TlsClient peer = answered(server, version)) {
            byte[] octets = peer.closeNotify();
            peer.sendBelow(octets, 0, octets.length);
            assertThat(peer.rest()).isEqualTo(ANSWERS);
            await().until(() -> server.connections() == 0);
        }
    }

    /** An alert of TLS 1.2 that is as long as a record may be, and never whole. */
    @Test
    void waitsForNoAlertForLong() {
        Config.Greeting config =
                Configs.greeting("127.0.0.1", 0, 1, 10, Duration.ofSeconds(30), Duration.ofMillis(300));
        try (Server server = start(config);
                TlsClient peer = new TlsClient(server.port(), client, "TLSv1.2")) {
            assertThat(peer.send("GREETING/2\n").octets(11)).isEqualTo("GREETING/2\n");
            peer.sendBelow(LONG_ALERT, 0, LONG_ALERT.length - 1);
            assertThat(peer.rest()).startsWith("Error timeout ");
            await().until(() -> server.connections() == 0);
        }
    }

    @Test
    void mayBeAsLongAsARecord() {
        try (Server server = start(Server.DEFAULTS);
                TlsClient peer = answered(server, "TLSv1.2")) {
            peer.sendBelow(LONG_ALERT, 0, LONG_ALERT.length);
            assertThat(peer.toEnd()).isEqualTo(ANSWERS);
            await().until(() -> server.connections() == 0);
        }
    }
}
