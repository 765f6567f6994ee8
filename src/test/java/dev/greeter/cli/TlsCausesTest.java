package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.pem.PemFile;
import dev.greeter.testing.FakeServer;
import dev.greeter.testing.OpenSslServer;
import dev.greeter.testing.SelfSignedCertificate;
import dev.greeter.testing.TestAuthority;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** OpenSSL's server with certificates that are wrong in one way each: probe and commands name the cause. */
class TlsCausesTest {
    private static final String LOCALHOST = "san=dns:localhost";
    private static final Map<List<String>, SelfSignedCertificate> CERTIFICATES = new HashMap<>();

    @TempDir
    private static Path folder;

    static Stream<Arguments> certificates() {
        return Stream.of(
                Arguments.of(
                        "-10d", LOCALHOST, List.of(), true, "expired", "the certificate is expired: it expired at"),
                Arguments.of("+5d", LOCALHOST, List.of(), true, "not-yet-valid", "the certificate is not valid yet"),
                Arguments.of(
                        "-1d",
                        "san=dns:other.example,ip:127.0.0.9",
                        List.of(),
                        true,
                        "other-name",
                        "the certificate is for another name: it is for other.example"),
                Arguments.of("-1d", LOCALHOST, List.of(), false, "untrusted", "no trusted authority signed"),
                Arguments.of(
                        "-1d",
                        LOCALHOST,
                        List.of("-tls1_1", "-cipher", "ALL@SECLEVEL=0"),
                        true,
                        "version",
                        "no version of TLS in common: alert protocol_version"),
                Arguments.of(
                        "-1d",
                        LOCALHOST,
                        List.of("-tls1_2", "-cipher", "PSK"),
                        true,
                        "handshake",
                        "the handshake failed: alert handshake_failure"),
                // over TLS 1.3 the alert comes when the client's side of the handshake is over
                Arguments.of(
                        "-1d",
                        LOCALHOST,
                        List.of("-Verify", "1"),
                        true,
                        "client-certificate",
                        "the client's certificate is refused: none given"),
                Arguments.of(
                        "-1d",
                        LOCALHOST,
                        List.of("-tls1_2", "-Verify", "1"),
                        true,
                        "client-certificate",
                        "the client's certificate is refused: none given"));
    }

    @ParameterizedTest
    @MethodSource("certificates")
    void namesTheCause(String start, String names, List<String> server, boolean trusted, String cause, String text)
            throws Exception {
        SelfSignedCertificate signed = certificate(start, names);
        try (OpenSslServer openssl = OpenSslServer.start(signed.certificate(), signed.key(), server)) {
            List<String> trust = trusted ? List.of("--ca", signed.certificate().toString()) : List.of();
            Cli probe = run(
                    List.of("probe", "--rate", "50", "--count", "3", "--timeout", "20s", "--forms", "http"),
                    trust,
                    openssl.url());
            assertThat(probe.out())
                    .contains("lost http: tls 3 (" + cause + " 3)")
                    .contains(text);
            assertThat(probe.code()).isEqualTo(1);
        }
    }

    /** The server's own certificate is in order. */
    @ParameterizedTest
    @CsvSource({
        "-3, expired, the certificate is expired: it expired at %2$s",
        "3, not-yet-valid, the certificate is not valid yet: it is valid from %1$s"
    })
    void namesTheCertificateOfAnAuthorityBetween(int start, String cause, String text) throws Exception {
        TestAuthority root = TestAuthority.create(folder, "root" + start);
        TestAuthority between = root.signAuthority("between" + start, start);
        TestAuthority.Signed signed = between.sign("signed" + start, 30, "DNS:localhost");
        X509Certificate wrong =
                PemFile.read(between.certificate()).certificates().get(0);
        String line = text.formatted(
                        wrong.getNotBefore().toInstant(), wrong.getNotAfter().toInstant())
                + ", that of CN=between" + start;
        List<String> chain = List.of("-cert_chain", between.certificate().toString());
        try (OpenSslServer openssl = OpenSslServer.start(signed.certificate(), signed.key(), chain)) {
            List<String> trust = List.of("--ca", root.certificate().toString());
            assertThat(run(List.of("get"), trust, openssl.url()).err())
                    .isEqualTo("greeter get: " + openssl.url() + ": TLS failed, " + line + "\n");
            assertThat(run(List.of("probe", "--rate", "50", "--count", "3", "--forms", "http"), trust, openssl.url())
                            .out())
                    .contains("lost http: tls 3 (" + cause + " 3)")
                    .contains("\"" + line + "\"");
        }
    }

    @Test
    void namesACommandsCause() throws Exception {
        SelfSignedCertificate signed = certificate("-1d", LOCALHOST);
        try (OpenSslServer openssl = OpenSslServer.start(signed.certificate(), signed.key(), List.of())) {
            assertThat(Cli.run("get", openssl.url()).err())
                    .isEqualTo(
                            "greeter get: " + openssl.url()
                                    + ": TLS failed, no trusted authority signed the certificate: its issuer is CN=localhost\n");
        }
    }

    /** Its authority is known, so that the authority is missing would send the reader the wrong way. */
    @ParameterizedTest
    @CsvSource({
        "extendedKeyUsage=clientAuth, Extended key usage",
        "'keyUsage=critical,cRLSign', KeyUsage",
    })
    void namesACertificateThatIsNotForServers(String extension, String text) throws Exception {
        TestAuthority authority = TestAuthority.create(folder, "authority");
        TestAuthority.Signed signed = authority.signExtended("not-for-servers", extension, "DNS:localhost");
        List<String> trust = List.of("--ca", authority.certificate().toString());
        List<String> get = List.of("get", "--timeout", "20s");
        List<String> probe = List.of("probe", "--rate", "50", "--count", "3", "--timeout", "20s", "--forms", "http");
        List<String> other = List.of(
                "--ca", TestAuthority.create(folder, "other").certificate().toString());
        try (OpenSslServer openssl = OpenSslServer.start(signed.certificate(), signed.key(), List.of())) {
            assertThat(run(get, trust, openssl.url()).err())
                    .contains("TLS failed, the certificate breaks a rule: " + text);
            assertThat(run(probe, trust, openssl.url()).out()).contains("lost http: tls 3 (certificate 3)");
            assertThat(run(get, other, openssl.url()).err())
                    .contains("no trusted authority signed the certificate: its issuer is CN=authority");
        }
    }

    @Test
    void namesAResetInTheHandshake() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.read(5);
            connection.reset();
        })) {
            String tls = "tls://" + server.target();
            String https = "https://" + server.target() + "/";
            assertThat(Cli.run("hello", "--timeout", "20s", tls))
                    .isEqualTo(Cli.failed("greeter hello: " + tls + ": connection reset"));
            assertThat(Cli.run("get", "--timeout", "20s", https))
                    .isEqualTo(Cli.failed("greeter get: " + https + ": connection reset"));
            for (String target : List.of(tls, https)) {
                assertThat(run(List.of("probe", "--rate", "50", "--count", "3", "--timeout", "20s"), List.of(), target)
                                .out())
                        .contains(": reset 3")
                        .doesNotContain("closed");
            }
        }
    }

    /** The limit of Vert.x on a handshake is 10 s, and was told as that. */
    @Test
    void holdsTheHandshakeToTheTimeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            String url = "https://localhost:" + silent.getLocalPort() + "/";
            assertThat(Cli.run("get", "--timeout", "300ms", url).err())
                    .isEqualTo("greeter get: " + url + ": timeout of 300ms\n");
            assertThat(Cli.run("stats", "--over", "event-bus", "--timeout", "300ms", url + "bus")
                            .err())
                    .isEqualTo("greeter stats: " + url + "bus: timeout of 300ms\n");
            Cli probe = run(
                    List.of("probe", "--rate", "50", "--count", "2", "--timeout", "300ms", "--forms", "http"),
                    List.of(),
                    url);
            assertThat(probe.out()).contains("lost http: timeout 2").contains("no TLS handshake in time");
        }
    }

    /** Each is made once. */
    private static SelfSignedCertificate certificate(String start, String names) throws Exception {
        List<String> key = List.of(start, names);
        SelfSignedCertificate known = CERTIFICATES.get(key);
        if (known != null) {
            return known;
        }
        SelfSignedCertificate signed = SelfSignedCertificate.create(folder, start, names);
        CERTIFICATES.put(key, signed);
        return signed;
    }

    private static Cli run(List<String> command, List<String> options, String url) {
        List<String> all = new ArrayList<>(command);
        all.addAll(options);
        all.add(url);
        return Cli.run(all.toArray(String[]::new));
    }
}
