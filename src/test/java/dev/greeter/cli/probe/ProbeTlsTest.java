package dev.greeter.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.cli.Cli;
import dev.greeter.testing.SelfSignedCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.junit5.VertxExtension;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real TLS server with a certificate that nobody has signed. */
@ExtendWith(VertxExtension.class)
class ProbeTlsTest {
    /** Of a server whose certificate changes, but not its sessions. */
    private static final class ChangingKey extends X509ExtendedKeyManager {
        private final AtomicReference<SelfSignedCertificate> shown;

        ChangingKey(AtomicReference<SelfSignedCertificate> shown) {
            this.shown = shown;
        }

        private X509KeyManager now() {
            SelfSignedCertificate now = Objects.requireNonNull(shown.get());
            return (X509KeyManager) now.managers().getKeyManagers()[0];
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return chooseServerAlias(keyType, issuers, null);
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return now().chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return now().getServerAliases(keyType, issuers);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return now().getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return now().getPrivateKey(alias);
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }

    @TempDir
    private static Path folder;

    private static String url;
    private static String otherName;
    private static String authority;

    @BeforeAll
    static void serve(Vertx vertx) throws Exception {
        SelfSignedCertificate signed = SelfSignedCertificate.create(folder);
        authority = signed.certificate().toString();
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(authority)
                                .addKeyPath(signed.key().toString())))
                .requestHandler(request -> request.response().end("<h1>Hello, World!</h1>"))
                .listen(0, "127.0.0.1")
                .await();
        url = "https://localhost:" + server.actualPort() + "/";
        otherName = "https://127.0.0.1:" + server.actualPort() + "/";
    }

    @Test
    void namesAnUntrustedCertificate() {
        assertThat(probe(url).out()).contains("lost http: tls 20", "lost http-keepalive: tls 20");
    }

    @Test
    void trustsTheAuthorityThatItIsGiven() {
        Cli run = probe(url, "--ca", authority);
        assertThat(run.out()).contains("within limits: lost 0 of 40");
        assertThat(run.code()).isZero();
    }

    @Test
    void namesACertificateOfAnotherName() {
        assertThat(probe(otherName, "--ca", authority).out()).contains("lost http: tls 20");
    }

    @Test
    void trustsAnyoneIfAskedTo() {
        assertThat(probe(otherName, "--insecure").out()).contains("within limits: lost 0 of 40");
    }

    @Test
    void saysWhatIsWrongWithAnAuthority() {
        Cli none = probe(url, "--ca", folder.resolve("none.pem").toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("none.pem\": there is no such file");
        Cli both = probe(url, "--insecure", "--ca", authority);
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("--ca and --insecure exclude each other");
    }

    /** The JDK checks no certificate when it resumes a session, and the server's sessions outlive its certificate here. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void noticesACertificateThatExpiresDuringTheRun(String version, Vertx vertx) throws Exception {
        SelfSignedCertificate valid = SelfSignedCertificate.create(folder);
        SelfSignedCertificate expired = SelfSignedCertificate.create(folder, "-10d", "san=dns:localhost");
        AtomicReference<SelfSignedCertificate> shown = new AtomicReference<>(valid);
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setEnabledSecureTransportProtocols(Set.of(version))
                        .setKeyCertOptions(KeyCertOptions.wrap(new ChangingKey(shown))))
                .requestHandler(request -> {
                    if (requests.incrementAndGet() == 5) {
                        shown.set(expired);
                    }
                    request.response().end("<h1>Hello, World!</h1>");
                })
                .listen(0, "127.0.0.1")
                .await();
        Path authorities = Files.writeString(
                folder.resolve("both.pem"),
                Files.readString(valid.certificate()) + Files.readString(expired.certificate()));
        // each exchange ends before the next one begins
        Cli run = Cli.run(
                "probe",
                "--rate",
                "max",
                "--count",
                "8",
                "--connections",
                "1",
                "--timeout",
                "20s",
                "--forms",
                "http",
                "--ca",
                authorities.toString(),
                "https://localhost:" + server.actualPort() + "/");
        assertThat(run.out()).contains("lost http: tls 3 (expired 3)");
        assertThat(requests).hasValue(5);
    }

    private static Cli probe(String target, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("probe", "--rate", "200", "--count", "20", "--timeout", "20s", target));
        arguments.addAll(List.of(options));
        return Cli.run(arguments.toArray(String[]::new));
    }
}
