package dev.greeter.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An authority that signs certificates for a test, by OpenSSL. */
public final class TestAuthority {
    private static final List<String> NEW_KEY =
            List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes");

    private final Path folder;
    private final Signed own;

    /** A certificate and its key, in files of PEM. */
    public record Signed(Path certificate, Path key) {
        /** Both in one file, as HAProxy reads them. */
        public Path both() throws IOException {
            Path file = certificate.resolveSibling("both-" + certificate.getFileName());
            return Files.writeString(file, Files.readString(certificate) + Files.readString(key));
        }
    }

    private TestAuthority(Path folder, Signed own) {
        this.folder = folder;
        this.own = own;
    }

    /**
     * Makes an authority.
     *
     * @param name of the authority, and of its files
     */
    public static TestAuthority create(Path folder, String name) throws IOException, InterruptedException {
        return create(folder, name, "/CN=" + name);
    }

    /**
     * Makes an authority with another subject than its name.
     *
     * @param subject as OpenSSL reads it, such as {@code /O=Example/CN=name}
     */
    public static TestAuthority create(Path folder, String name, String subject)
            throws IOException, InterruptedException {
        return new TestAuthority(folder, request(List.of(), folder, name, subject, 30, List.of()));
    }

    public Path certificate() {
        return own.certificate();
    }

    /**
     * Signs a certificate with a new key.
     *
     * @param names such as {@code DNS:localhost,IP:127.0.0.1}
     */
    public Signed sign(String name, int days, String names) throws IOException, InterruptedException {
        return sign(name, "/CN=" + name, days, names);
    }

    public Signed sign(String name, String subject, int days, String names) throws IOException, InterruptedException {
        return request(List.of(), folder, name, subject, days, signing(names));
    }

    /**
     * Signs a certificate with one more extension.
     *
     * @param extension as OpenSSL reads it, such as {@code extendedKeyUsage=clientAuth}
     */
    public Signed signExtended(String name, String extension, String names) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(signing(names));
        options.addAll(List.of("-addext", extension));
        return request(List.of(), folder, name, "/CN=" + name, 10, options);
    }

    /**
     * Signs a certificate that has been valid for nearly a day, and expires soon.
     *
     * @param seconds how long it is still valid
     */
    public Signed signExpiring(String name, int seconds, String names) throws IOException, InterruptedException {
        // OpenSSL counts whole days from its own now
        List<String> yesterday = List.of(
                Machine.program("faketime"), "-f", "-" + (Duration.ofDays(1).toSeconds() - seconds));
        return request(yesterday, folder, name, "/CN=" + name, 1, signing(names));
    }

    /**
     * Signs another authority, valid for a day.
     *
     * @param start the first of its days, counted from today: negative for one that is expired
     */
    public TestAuthority signAuthority(String name, int start) throws IOException, InterruptedException {
        List<String> another = List.of(Machine.program("faketime"), "-f", "%+dd".formatted(start));
        return new TestAuthority(folder, request(another, folder, name, "/CN=" + name, 1, signing(true, List.of())));
    }

    private List<String> signing(String names) {
        return signing(false, List.of("-addext", "subjectAltName=" + names));
    }

    private List<String> signing(boolean authority, List<String> more) {
        List<String> signing = new ArrayList<>(List.of("-CA", own.certificate().toString()));
        signing.addAll(List.of("-CAkey", own.key().toString()));
        signing.addAll(List.of("-addext", "basicConstraints=critical,CA:" + (authority ? "TRUE" : "FALSE")));
        signing.addAll(more);
        return signing;
    }

    private static Signed request(
            List<String> prefix, Path folder, String name, String subject, int days, List<String> options)
            throws IOException, InterruptedException {
        Signed signed = new Signed(folder.resolve(name + ".pem"), folder.resolve(name + "-key.pem"));
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(Machine.program("openssl"), "req", "-x509"));
        command.addAll(NEW_KEY);
        command.addAll(List.of("-days", String.valueOf(days), "-utf8", "-subj", subject));
        command.addAll(List.of("-out", signed.certificate().toString()));
        command.addAll(List.of("-keyout", signed.key().toString()));
        command.addAll(options);
        Process openssl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(openssl.waitFor()).as(said).isZero();
        return signed;
    }
}
