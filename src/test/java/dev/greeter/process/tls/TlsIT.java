package dev.greeter.process.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import dev.greeter.testing.SelfSignedCertificate;
import dev.greeter.testing.TlsClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar's ports with TLS, for clients that others wrote, and while the files change. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class TlsIT {
    /** Handshakes while the files change; 10,000 with {@code -Dgreeter.handshakes=10000}. */
    private static final int HANDSHAKES = Integer.getInteger("greeter.handshakes", 400);

    private static final int CLIENTS = 4;

    /** The files change this often meanwhile. */
    private static final int CHANGES = 4;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private SelfSignedCertificate first;

    @BeforeEach
    void makeCertificate() throws Exception {
        first = SelfSignedCertificate.create(folder);
    }

    private static String[] tls(Path certificate, Path key, String... more) {
        return Stream.concat(
                        Stream.of("greeting", "http", "management")
                                .flatMap(port ->
                                        Stream.of(port + ".tls.certificate=" + certificate, port + ".tls.key=" + key)),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private static String curl(String... arguments) throws IOException, InterruptedException {
        return run(Machine.program("curl"), arguments);
    }

    private static String run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output;
    }

    @Test
    void servesForeignClientsWithModernTlsOnly() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder, tls(first.certificate(), first.key()))) {
            String https = "https://localhost:" + greeter.httpPort() + "/";
            String ca = first.certificate().toString();
            for (String version : List.of("1.2", "1.3")) {
                assertThat(curl("-sS", "--cacert", ca, "--tls-max", version, https))
                        .contains("<h1>Hello, World!</h1>");
            }
            assertThat(curl("-sSv", "--cacert", ca, https)).contains("server accepted http/1.1");
            assertThat(curl("-sS", "--cacert", ca, "https://localhost:" + greeter.managementPort() + "/metrics"))
                    .contains("greeter_tls_certificate_expiry_seconds{port=\"greeting\"} ");
            assertThat(curl("-sS", "http://localhost:" + greeter.httpPort() + "/"))
                    .contains("This port speaks HTTPS only.");
            for (int port : List.of(greeter.greetingPort(), greeter.httpPort())) {
                String scan =
                        run(Machine.program("sslscan"), "--no-colour", "--no-check-certificate", "localhost:" + port);
                assertThat(scan)
                        .contains("SSLv3     disabled", "TLSv1.0   disabled", "TLSv1.1   disabled")
                        .contains("TLSv1.2   enabled", "TLSv1.3   enabled", "Session renegotiation not supported")
                        .doesNotContain("CBC", "-SHA ", "RC4", "3DES", "NULL")
                        .doesNotContainPattern("\\sDHE-");
            }
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
            assertThat(greeter.output()).doesNotContain("\tat ", "ERROR");
            assertThat(greeter.line("stopped").getLong("http.answered")).isEqualTo(3);
            // the hello of SSLv2, which sslscan tries too, is no TLS
            assertThat(greeter.line("stopped").getLong("http.refused")).isBetween(1L, 2L);
        }
    }

    @Test
    void letsInClientsByTheirCertificatesAndRefusesOthersByAnAlert() throws Exception {
        SelfSignedCertificate client = SelfSignedCertificate.create(folder, "-1d", "san=uri:spiffe://example/client");
        SelfSignedCertificate other = SelfSignedCertificate.create(folder, "-1d", "san=dns:other.example");
        Path trust = folder.resolve("trust.pem");
        Files.writeString(trust, Files.readString(client.certificate()) + Files.readString(other.certificate()));
        try (GreeterProcess greeter = GreeterProcess.serve(
                folder,
                "http.tls.certificate=" + first.certificate(),
                "http.tls.key=" + first.key(),
                "http.tls.trust=" + trust,
                "http.tls.names=spiffe://example/client")) {
            String https = "https://localhost:" + greeter.httpPort() + "/";
            for (String version : List.of("1.2", "1.3")) {
                assertThat(get(https, version, client)).contains("<h1>Hello, World!</h1>");
                assertThat(get(https, version, other)).contains("alert", "certificate");
                assertThat(curl("-sSk", "--tls-max", version, https)).contains("alert", "certificate");
            }
            assertThat(greeter.get(greeter.managementPort(), "/metrics").body())
                    .contains("greeter_tls_handshakes_failed_total{port=\"http\"} 4.0");
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
            assertThat(greeter.line("stopped").getLong("http.answered")).isEqualTo(2);
            assertThat(greeter.line("stopped").getLong("http.refused")).isZero();
        }
    }

    private String get(String url, String version, SelfSignedCertificate client)
            throws IOException, InterruptedException {
        return run(
                "curl",
                "-sSk",
                "--tls-max",
                version,
                "--cert",
                client.certificate().toString(),
                "--key",
                client.key().toString(),
                url);
    }

    @Test
    void doesNotStartWithFilesThatCannotBeUsed() throws Exception {
        Path absent = folder.resolve("absent.pem");
        try (GreeterProcess greeter = GreeterProcess.run(
                folder,
                List.of("--set", "greeting.tls.certificate=" + absent, "--set", "greeting.tls.key=" + first.key()))) {
            assertThat(greeter.exitCode()).isEqualTo(2);
            assertThat(greeter.output().lines())
                    .containsExactly("greeter serve: greeting.tls.certificate is \"" + absent
                            + "\", but there is no such file; allowed: a PEM file with a certificate, and the"
                            + " intermediate ones behind it");
        }
    }

    /** As the kubelet changes a Secret. No handshake fails, no connection ends, and each exchange is counted once. */
    @Test
    void changesCertificatesUnderLoad() throws Exception {
        SelfSignedCertificate second = SelfSignedCertificate.create(folder, "-2d", "san=dns:localhost");
        Path link = Files.createSymbolicLink(
                folder.resolve("..data"), first.certificate().getParent());
        Path certificate = Files.createSymbolicLink(folder.resolve("tls.crt"), Path.of("..data/certificate.pem"));
        Path key = Files.createSymbolicLink(folder.resolve("tls.key"), Path.of("..data/key.pem"));
        // the session that is kept is idle until all handshakes are done
        String[] settings = tls(certificate, key, "exchangeLog.maxPerSecond=0", "greeting.idleTimeout=60m");
        try (GreeterProcess greeter = GreeterProcess.serve(folder, settings);
                TlsClient kept =
                        new TlsClient(greeter.greetingPort(), SelfSignedCertificate.strangerContext(), "TLSv1.3")) {
            kept.send("GREETING/2\nHello\n");
            assertThat(kept.octets("GREETING/2\nWorld\n".length())).endsWith("World\n");
            AtomicInteger done = new AtomicInteger();
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            int port = greeter.greetingPort();
            for (int i = 0; i < CLIENTS; i++) {
                String version = i % 2 == 0 ? "TLSv1.3" : "TLSv1.2";
                clients.add(CompletableFuture.runAsync(() -> greet(port, version, done)));
            }
            for (int change = 1; change <= CHANGES; change++) {
                int until = HANDSHAKES * change / (CHANGES + 1);
                await().atMost(Duration.ofMinutes(10))
                        .until(() -> done.get() >= until
                                || clients.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
                Path next = Files.createSymbolicLink(
                        folder.resolve("..next"),
                        (change % 2 == 1 ? second : first).certificate().getParent());
                Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
                int changes = change;
                await().until(() -> changed(greeter) == changes);
            }
            for (CompletableFuture<Void> client : clients) {
                client.get();
            }
            kept.send("Hello b\n");
            assertThat(kept.octets("World b\n".length())).isEqualTo("World b\n");
            greeter.signal("TERM");
            assertThat(kept.rest()).isEqualTo("Bye\n");
            kept.leave();
            assertThat(greeter.exitCode()).isZero();
            assertThat(greeter.line("stopped").getLong("greeting.answered")).isEqualTo(done.get() + 2);
            assertThat(greeter.line("stopped").getLong("greeting.failed")).isZero();
            assertThat(greeter.output()).doesNotContain("\tat ", "ERROR");
        }
    }

    /** How often the greeting port has changed its certificate. */
    private static long changed(GreeterProcess greeter) throws IOException {
        return greeter.lines().stream()
                .filter(line -> "TLS files changed".equals(line.getString("message"))
                        && "greeting".equals(line.getString("port")))
                .count();
    }

    private static void greet(int port, String version, AtomicInteger done) {
        try {
            while (done.get() < HANDSHAKES) {
                // a context has no session to resume at its first connection
                try (TlsClient client = new TlsClient(port, SelfSignedCertificate.strangerContext(), version)) {
                    assertThat(client.send("Hello").rest()).isEqualTo("World");
                    done.incrementAndGet();
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
