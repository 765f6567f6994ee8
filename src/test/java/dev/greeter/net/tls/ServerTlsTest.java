package dev.greeter.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.greeter.config.ConfigException;
import dev.greeter.config.Tls;
import dev.greeter.testing.SelfSignedCertificate;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** The files of one port: which are refused, and when new ones hold. */
class ServerTlsTest {
    private static SelfSignedCertificate first;
    private static SelfSignedCertificate second;
    private static SelfSignedCertificate expired;
    private static SelfSignedCertificate early;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path certificate;
    private Path key;

    @BeforeAll
    static void makeCertificates(@TempDir Path made) throws Exception {
        first = SelfSignedCertificate.create(made);
        second = SelfSignedCertificate.create(made, "-2d", "san=dns:localhost");
        expired = SelfSignedCertificate.create(made, "-10d", "san=dns:localhost");
        early = SelfSignedCertificate.create(made, "+1d", "san=dns:localhost");
    }

    @BeforeEach
    void install() throws IOException {
        certificate = folder.resolve("tls.crt");
        key = folder.resolve("tls.key");
        install(first);
    }

    private void install(SelfSignedCertificate used) throws IOException {
        Files.copy(used.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(used.key(), key, StandardCopyOption.REPLACE_EXISTING);
    }

    private ServerTls open() throws ConfigException {
        return new ServerTls("http", new Tls(certificate.toString(), key.toString(), "", List.of()), List.of());
    }

    private static Instant endOf(SelfSignedCertificate used) throws ConfigException {
        return ConfiguredFile.read("", used.certificate().toString())
                .chain()
                .get(0)
                .getNotAfter()
                .toInstant();
    }

    @Test
    void showsWhenItsCertificateExpires() throws Exception {
        assertThat(open().expiry()).isEqualTo(endOf(first));
    }

    @Test
    void takesNewFilesOnceTwoReadingsAgree() throws Exception {
        ServerTls tls = open();
        install(second);
        tls.look();
        assertThat(tls.expiry()).isEqualTo(endOf(first));
        tls.look();
        assertThat(tls.expiry()).isEqualTo(endOf(second));
    }

    /** As the kubelet updates a Secret: the files are links through one link, which is renamed. */
    @Test
    void takesAChangedLink() throws Exception {
        Path data = folder.resolve("..data");
        Files.createSymbolicLink(data, first.certificate().getParent());
        certificate = Files.createSymbolicLink(folder.resolve("linked.crt"), Path.of("..data/certificate.pem"));
        key = Files.createSymbolicLink(folder.resolve("linked.key"), Path.of("..data/key.pem"));
        ServerTls tls = open();
        Path next = Files.createSymbolicLink(
                folder.resolve("..next"), second.certificate().getParent());
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        tls.look();
        tls.look();
        assertThat(tls.expiry()).isEqualTo(endOf(second));
    }

    @Test
    void keepsTheOldCertificateWhileTheNewFilesCannotBeUsed() throws Exception {
        ServerTls tls = open();
        for (SelfSignedCertificate refused : List.of(expired, early)) {
            install(refused);
            tls.look();
            tls.look();
            assertThat(tls.expiry()).isEqualTo(endOf(first));
        }
        Files.delete(certificate);
        tls.look();
        tls.look();
        assertThat(tls.expiry()).isEqualTo(endOf(first));
        install(second);
        tls.look();
        tls.look();
        assertThat(tls.expiry()).isEqualTo(endOf(second));
    }

    /** As a mount that is away for a moment: a new context would end the sessions of all clients. */
    @Test
    void keepsServingFilesThatComeBackAsTheyWere() throws Exception {
        ServerTls tls = open();
        SSLSessionContext context = sessions(tls);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(ServerTls.class);
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        try {
            Files.delete(key);
            tls.look();
            tls.look();
            install(first);
            for (int i = 0; i < 3; i++) {
                tls.look();
            }
            assertThat(sessions(tls)).isSameAs(context);
            install(second);
            tls.look();
            tls.look();
            assertThat(sessions(tls)).isNotSameAs(context);
        } finally {
            logger.setLevel(null);
            logger.detachAppender(log);
        }
        assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage))
                .satisfiesExactly(
                        away -> assertThat(away).startsWith("certificate stays as it was: http.tls.key is "),
                        back -> assertThat(back).isEqualTo("TLS files are again as they are served"),
                        changed -> assertThat(changed).isEqualTo("TLS files changed"));
    }

    /** What clients may resume, which each context has for itself. */
    private static SSLSessionContext sessions(ServerTls tls) throws Exception {
        SSLEngine server = tls.newHandler(UnpooledByteBufAllocator.DEFAULT).engine();
        SSLEngine stranger = SelfSignedCertificate.strangerContext().createSSLEngine();
        stranger.setUseClientMode(true);
        shakeHands(stranger, server);
        return server.getSession().getSessionContext();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "certificate | nothing    | it has no certificate",
                "certificate | garbage    | its certificate 1 is broken",
                "certificate | absent     | there is no such file",
                "certificate | folder     | it cannot be read: it is not a regular file",
                "certificate | expired    | its certificate 1 (CN=localhost) expired at ",
                "certificate | early      | its certificate 1 (CN=localhost) is not valid before ",
                "key         | nothing    | it has no private key",
                "key         | garbage    | its key is broken, or of none of EC, RSA",
                "key         | absent     | there is no such file",
                "key         | other      | it does not fit the certificate",
                "key         | encrypted  | it has a key of the form BEGIN ENCRYPTED PRIVATE KEY",
                "key         | sec1       | it has a key of the form BEGIN EC PRIVATE KEY",
            })
    void refusesFilesThatCannotBeUsedByOneLine(String file, String state, String why) throws Exception {
        Path changed = file.equals("key") ? key : certificate;
        Files.delete(changed);
        String type = file.equals("key") ? "PRIVATE KEY" : "CERTIFICATE";
        switch (state) {
            case "nothing" -> Files.writeString(changed, "");
            case "garbage" -> Files.writeString(changed, pem(type));
            case "folder" -> Files.createDirectory(changed);
            case "expired" -> install(expired);
            case "early" -> install(early);
            case "other" -> Files.copy(second.key(), changed);
            case "encrypted" -> Files.writeString(changed, pem("ENCRYPTED PRIVATE KEY"));
            case "sec1" -> Files.writeString(changed, pem("EC PRIVATE KEY"));
            default -> assertThat(state).isEqualTo("absent");
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("http.tls." + file + " is \"" + changed + "\", but " + why)
                .hasMessageContaining("; allowed: ")
                .message()
                .hasLineCount(1);
    }

    private static String pem(String type) {
        return "-----BEGIN " + type + "-----\nAAAA\n-----END " + type + "-----\n";
    }

    @Test
    void refusesATrustWithoutAuthority() throws Exception {
        Path trust = Files.createFile(folder.resolve("ca.crt"));
        Tls config = new Tls(certificate.toString(), key.toString(), trust.toString(), List.of());
        assertThatThrownBy(() -> new ServerTls("http", config, List.of()))
                .hasMessageStartingWith("http.tls.trust is \"" + trust + "\", but it has no certificate; allowed: ");
    }

    @Test
    void saysWhichCertificateOfTheChainExpired() throws Exception {
        Files.write(certificate, Files.readAllBytes(expired.certificate()), StandardOpenOption.APPEND);
        assertThatThrownBy(this::open)
                .hasMessageStartingWith("http.tls.certificate is \"" + certificate
                        + "\", but its certificate 2 (CN=localhost) expired at " + endOf(expired) + "; allowed: ");
    }

    @Test
    void saysWhichAuthorityExpiredLast() throws Exception {
        Tls config = new Tls(
                certificate.toString(), key.toString(), expired.certificate().toString(), List.of());
        assertThatThrownBy(() -> new ServerTls("http", config, List.of()))
                .hasMessageStartingWith("http.tls.trust is \"" + expired.certificate()
                        + "\", but all of its certificates expired, the last (CN=localhost) at " + endOf(expired)
                        + "; allowed: ");
    }

    /** Of clients without tickets, which a flood of handshakes would leave here for an hour. */
    @Test
    void keepsFewSessions() throws Exception {
        assertThat(sessions(open()).getSessionCacheSize()).isEqualTo(ServerTls.MAX_SESSIONS);
    }

    private static void shakeHands(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        ByteBuffer nothing = ByteBuffer.allocate(1 << 16);
        while (server.getSession().getSessionContext() == null) {
            step(client, toClient, toServer, nothing);
            step(server, toServer, toClient, nothing);
        }
    }

    /** Takes what has come, and says what it has to say. */
    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out, ByteBuffer nothing) throws SSLException {
        in.flip();
        engine.unwrap(in, nothing);
        in.compact();
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        engine.wrap(ByteBuffer.allocate(0), out);
    }
}
