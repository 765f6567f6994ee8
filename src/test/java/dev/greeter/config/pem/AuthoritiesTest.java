package dev.greeter.config.pem;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.testing.SelfSignedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are trusted themselves. */
class AuthoritiesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path folder;

    @Test
    void trustsThemWhileTheyAreValid() throws Exception {
        for (ThrowingCallable check : checks("-1d")) {
            assertThatCode(check).doesNotThrowAnyException();
        }
    }

    @Test
    void doesNotTrustThemAfterTheirEnd() throws Exception {
        for (ThrowingCallable check : checks("-10d")) {
            assertThatThrownBy(check).isInstanceOf(CertificateExpiredException.class);
        }
    }

    @Test
    void doesNotTrustThemBeforeTheirBeginning() throws Exception {
        for (ThrowingCallable check : checks("+1d")) {
            assertThatThrownBy(check).isInstanceOf(CertificateNotYetValidException.class);
        }
    }

    private static List<ThrowingCallable> checks(String from) throws Exception {
        SelfSignedCertificate made = SelfSignedCertificate.create(folder, from, "san=dns:localhost");
        List<X509Certificate> authorities =
                PemFile.read(made.certificate().toString()).certificates();
        X509ExtendedTrustManager trust = Authorities.of(authorities);
        X509Certificate[] chain = {authorities.get(0)};
        return List.of(() -> trust.checkClientTrusted(chain, "EC"), () -> trust.checkServerTrusted(chain, "EC"));
    }

    /** As a client and as a server, with certificates on both sides. */
    @Test
    void endsHandshakesWithThoseThatHaveExpired() throws Exception {
        SelfSignedCertificate expired = SelfSignedCertificate.create(folder, "-10d", "san=dns:localhost");
        SelfSignedCertificate valid = SelfSignedCertificate.create(folder, "-1d", "san=dns:localhost");
        assertThatCode(() -> shakeHands(valid, valid)).doesNotThrowAnyException();
        assertThatThrownBy(() -> shakeHands(expired, valid)).isInstanceOf(SSLHandshakeException.class);
        assertThatThrownBy(() -> shakeHands(valid, expired)).isInstanceOf(IOException.class);
    }

    /** Each side trusts the other's certificate. TLS 1.2, in which a client waits for the check of its certificate. */
    private static void shakeHands(SelfSignedCertificate server, SelfSignedCertificate client) throws Exception {
        SSLContext serving = context(server, client);
        SSLContext connecting = context(client, server);
        ExecutorService accepting = Executors.newSingleThreadExecutor();
        try (SSLServerSocket listening = (SSLServerSocket)
                serving.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listening.setNeedClientAuth(true);
            accepting.execute(() -> {
                try (SSLSocket accepted = (SSLSocket) listening.accept()) {
                    accepted.startHandshake();
                } catch (IOException refused) {
                    // the client is told
                }
            });
            try (SSLSocket socket = (SSLSocket) connecting
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
                socket.setEnabledProtocols(new String[] {"TLSv1.2"});
                socket.startHandshake();
            }
        } finally {
            accepting.shutdownNow();
        }
    }

    private static SSLContext context(SelfSignedCertificate own, SelfSignedCertificate trusted) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                own.managers().getKeyManagers(),
                new TrustManager[] {
                    Authorities.of(
                            PemFile.read(trusted.certificate().toString()).certificates())
                },
                null);
        return context;
    }
}
