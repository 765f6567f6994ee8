package dev.greeter.net.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.greeter.config.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PEM file as it was at one moment. Two are equal if they have the same contents, or cannot be read for the same reason.
 *
 * @param key the configuration key that names the file
 * @param path as the key has it
 * @param contents empty if it cannot be read
 * @param problem why it cannot be read; empty if it can
 */
record PemFile(String key, String path, String contents, String problem) {
    private static final int MAX_OCTETS = 1 << 20;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";

    /** The algorithms for which the JDK has TLS. */
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA");

    private static final String ALLOWED_CERTIFICATES =
            "a PEM file with a certificate, and the intermediate ones behind it";
    private static final String ALLOWED_TRUST = "a PEM file with the certificates of authorities";
    private static final String ALLOWED_KEY = "a PEM file with one PKCS#8 key (BEGIN PRIVATE KEY), without a password";

    /** Reads a file that may be anything, and waits for none. */
    static PemFile read(String key, String path) {
        try {
            return new PemFile(key, path, contents(Path.of(path)), "");
        } catch (NoSuchFileException e) {
            return new PemFile(key, path, "", "there is no such file");
        } catch (AccessDeniedException e) {
            return new PemFile(key, path, "", "it cannot be read: permission denied");
        } catch (IOException | InvalidPathException e) {
            return new PemFile(key, path, "", "it cannot be read: " + e.getMessage());
        }
    }

    private static String contents(Path path) throws IOException {
        // a pipe would block, and has nothing left for the second look
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("it is not a regular file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] octets = in.readNBytes(MAX_OCTETS + 1);
            if (octets.length > MAX_OCTETS) {
                throw new IOException("it is larger than 1 MiB");
            }
            return new String(octets, ISO_8859_1);
        }
    }

    /** Returns the certificates of a server, its own first. */
    List<X509Certificate> chain() throws ConfigException {
        return certificates(ALLOWED_CERTIFICATES);
    }

    /** Returns the certificates of authorities. */
    List<X509Certificate> authorities() throws ConfigException {
        return certificates(ALLOWED_TRUST);
    }

    private List<X509Certificate> certificates(String allowed) throws ConfigException {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher block = BLOCK.matcher(readable(allowed));
        while (block.find()) {
            if (block.group(1).equals(CERTIFICATE)) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(octets(block))));
                } catch (CertificateException | IllegalArgumentException e) {
                    throw refused("its certificate " + (certificates.size() + 1) + " is broken", allowed);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw refused("it has no certificate", allowed);
        }
        return certificates;
    }

    PrivateKey privateKey() throws ConfigException {
        Matcher block = BLOCK.matcher(readable(ALLOWED_KEY));
        while (block.find()) {
            String type = block.group(1);
            if (type.equals(PRIVATE_KEY)) {
                return privateKey(block);
            }
            if (type.endsWith(PRIVATE_KEY)) {
                throw refused(
                        "it has a key of the form BEGIN " + type,
                        ALLOWED_KEY + ", as openssl pkcs8 -topk8 -nodes makes it");
            }
        }
        throw refused("it has no key", ALLOWED_KEY);
    }

    private PrivateKey privateKey(Matcher block) throws ConfigException {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(octets(block)));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                // of another algorithm, or of none
            }
        }
        throw refused("its key is broken, or neither RSA nor EC", ALLOWED_KEY + ", RSA or EC");
    }

    private static byte[] octets(Matcher block) {
        return Base64.getMimeDecoder().decode(block.group(2));
    }

    private String readable(String allowed) throws ConfigException {
        if (!problem.isEmpty()) {
            throw refused(problem, allowed);
        }
        return contents;
    }

    ConfigException refused(String why, String allowed) {
        return new ConfigException(List.of(key + " is \"" + path + "\", but " + why + "; allowed: " + allowed));
    }

    /** Without the contents, which may be a key. */
    @Override
    public String toString() {
        return key + "=" + path;
    }
}
