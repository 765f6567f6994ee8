package dev.greeter.config.pem;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.greeter.config.pem.PemFile.WrongFileException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Any PEM file gives certificates, which are read again from what they are written as, and a key, or a short line; and a key that does not fit a certificate is no error. */
public final class PemFuzz {
    private static final int MAX_LINE_CHARACTERS = 300;

    private PemFuzz() {}

    public static void fuzzerTestOneInput(byte[] octets) throws CertificateEncodingException {
        PemFile file = new PemFile(new String(octets, ISO_8859_1), "");
        List<X509Certificate> certificates = certificates(file);
        PrivateKey key = key(file);
        for (X509Certificate certificate : certificates) {
            String written = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
            PemFile again =
                    new PemFile("-----BEGIN CERTIFICATE-----\n" + written + "\n-----END CERTIFICATE-----\n", "");
            if (!certificates(again).equals(List.of(certificate))) {
                throw new AssertionError("written it differs: " + certificate);
            }
            if (key != null) {
                PemFile.fits(key, certificate.getPublicKey());
            }
        }
    }

    private static List<X509Certificate> certificates(PemFile file) {
        try {
            List<X509Certificate> certificates = file.certificates();
            if (certificates.isEmpty()) {
                throw new AssertionError("no certificate, and no error");
            }
            return certificates;
        } catch (WrongFileException e) {
            check(e);
            return List.of();
        }
    }

    private static @Nullable PrivateKey key(PemFile file) {
        try {
            return file.key(List.of("RSA", "EC", "EdDSA"));
        } catch (WrongFileException e) {
            check(e);
            return null;
        }
    }

    private static void check(WrongFileException e) {
        String line = e.getMessage();
        if (line.isEmpty()
                || line.length() > MAX_LINE_CHARACTERS
                || !line.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new AssertionError("not a short line: " + line);
        }
    }
}
