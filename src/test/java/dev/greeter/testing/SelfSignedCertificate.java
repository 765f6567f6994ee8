package dev.greeter.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Tls;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A certificate of {@code CN=localhost} that its own key signed. The JDK's keytool makes it, because a library that makes
 * certificates would also read keys for Netty, which the jar does without it.
 *
 * @param certificate in PEM
 * @param key in PEM
 * @param managers the same for a TLS server of the JDK
 */
public record SelfSignedCertificate(Path certificate, Path key, KeyManagerFactory managers) {
    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "server";

    /** Makes one that is valid now, for the host {@code localhost}. */
    public static SelfSignedCertificate create(Path folder) throws Exception {
        return create(folder, "-1d", "san=dns:localhost");
    }

    /**
     * Makes one that is valid for five days.
     *
     * @param start the begin of its validity from now, such as {@code -1d}
     * @param names the hosts that it is for, as an extension that keytool knows
     */
    public static SelfSignedCertificate create(Path folder, String start, String names) throws Exception {
        Path store = Files.createTempDirectory(folder, "certificate").resolve("store.p12");
        List<String> keytool = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                names,
                "-startdate",
                start,
                "-validity",
                "5",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString());
        Process process = new ProcessBuilder(keytool).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
        assertThat(process.waitFor()).as(output).isZero();
        return read(store);
    }

    /** A context for clients that trust every server and show this certificate to one that asks for it. */
    public SSLContext clientContext() throws GeneralSecurityException {
        return context(managers.getKeyManagers());
    }

    /** A context for clients that trust every server and have no certificate. */
    public static SSLContext strangerContext() throws GeneralSecurityException {
        return context(null);
    }

    private static SSLContext context(KeyManager @Nullable [] keys) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context;
    }

    /** The section of the configuration for a port with this certificate. */
    public Tls tls() {
        return new Tls(certificate.toString(), key.toString(), "", List.of());
    }

    private static SelfSignedCertificate read(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        return new SelfSignedCertificate(
                pem(
                        store.resolveSibling("certificate.pem"),
                        "CERTIFICATE",
                        keys.getCertificate(ALIAS).getEncoded()),
                pem(
                        store.resolveSibling("key.pem"),
                        "PRIVATE KEY",
                        keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()),
                managers);
    }

    private static Path pem(Path file, String type, byte[] octets) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(octets);
        return Files.write(file, List.of("-----BEGIN " + type + "-----", text, "-----END " + type + "-----"));
    }
}
