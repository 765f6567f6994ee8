package dev.greeter.config.pem;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.greeter.config.value.FilePath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PEM file (RFC 7468) as it was at one moment. Two are equal if they have the same contents, or cannot be read for the same
 * reason.
 *
 * @param contents empty if it cannot be read
 * @param problem why it cannot be read; empty if it can
 */
public record PemFile(String contents, String problem) {
    private static final int MAX_OCTETS = 1 << 20;

    private static final String TYPE = "([A-Z0-9 ]{1,64})";

    /** A block, or a boundary that belongs to none: its block is damaged. */
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN " + TYPE + "-----([A-Za-z0-9+/=\\s]*)-----END \\1-----|-----(?:BEGIN|END) " + TYPE + "-----");

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";

    private static final byte[] SAMPLE = {1, 2, 3, 4};

    /** The algorithms of keys, and of signatures by them. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    /** A file is not what it has to be; the message is a clause for a user, without the file's name. */
    public static final class WrongFileException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String why;

        /** @param why the clause */
        public WrongFileException(String why) {
            super(why, null, false, false);
            this.why = why;
        }

        @Override
        public String getMessage() {
            return why;
        }
    }

    /** Reads a file of any kind; a pipe is read to its end. */
    public static PemFile read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MAX_OCTETS + 1);
            return octets.length > MAX_OCTETS
                    ? unreadable("it is larger than 1 MiB")
                    : new PemFile(new String(octets, ISO_8859_1), "");
        } catch (NoSuchFileException e) {
            return unreadable("there is no such file");
        } catch (AccessDeniedException e) {
            return unreadable("it cannot be read: permission denied");
        } catch (IOException e) {
            return unreadable("it cannot be read: " + e.getMessage());
        }
    }

    /** The same, where a path that this machine cannot have is unreadable too. */
    public static PemFile read(String path) {
        return withPath(path, PemFile::read);
    }

    /** Reads a file that is read again later: a pipe would block, and has nothing left for the second time. */
    public static PemFile readRegular(String path) {
        return withPath(
                path,
                file -> Files.exists(file) && !Files.isRegularFile(file)
                        ? unreadable("it cannot be read: it is not a regular file")
                        : read(file));
    }

    private static PemFile withPath(String path, Function<Path, PemFile> reading) {
        Path file;
        try {
            file = FilePath.of(path);
        } catch (IllegalArgumentException e) {
            return unreadable("it " + e.getMessage());
        }
        return reading.apply(file);
    }

    private static PemFile unreadable(String problem) {
        return new PemFile("", problem);
    }

    /** Returns all certificates, at least one. */
    public List<X509Certificate> certificates() throws WrongFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher block = blocks();
        while (block.find()) {
            if (type(block).equals(CERTIFICATE)) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(octets(block))));
                } catch (CertificateException | IllegalArgumentException e) {
                    throw new WrongFileException("its certificate " + (certificates.size() + 1) + " is broken");
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new WrongFileException("it has no certificate");
        }
        return certificates;
    }

    /**
     * Returns the private key (PKCS#8).
     *
     * @param algorithms those that it may be of, as the JDK names them
     */
    public PrivateKey key(List<String> algorithms) throws WrongFileException {
        Matcher block = blocks();
        while (block.find()) {
            String type = type(block);
            if (type.equals(PRIVATE_KEY)) {
                return key(block, algorithms);
            }
            if (type.endsWith(PRIVATE_KEY)) {
                throw new WrongFileException("it has a key of the form BEGIN " + type
                        + ", not PKCS#8 (BEGIN PRIVATE KEY), as openssl pkcs8 -topk8 -nocrypt makes it");
            }
        }
        throw new WrongFileException("it has no private key");
    }

    /** Whether the private key belongs to the public key, of any algorithm of {@link #key}. */
    public static boolean fits(PrivateKey key, PublicKey certified) {
        try {
            Signature signature = Signature.getInstance(SIGNATURES.getOrDefault(key.getAlgorithm(), "none"));
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private static PrivateKey key(Matcher block, List<String> algorithms) throws WrongFileException {
        for (String algorithm : algorithms) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(octets(block)));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                // of another algorithm, or of none
            }
        }
        throw new WrongFileException("its key is broken, or of none of " + String.join(", ", algorithms));
    }

    private Matcher blocks() throws WrongFileException {
        if (!problem.isEmpty()) {
            throw new WrongFileException(problem);
        }
        return BLOCK.matcher(contents);
    }

    private static String type(Matcher block) {
        return block.group(block.group(1) == null ? 3 : 1);
    }

    private static byte[] octets(Matcher block) {
        String base64 = block.group(2);
        if (base64 == null) {
            throw new IllegalArgumentException("a damaged block");
        }
        return Base64.getMimeDecoder().decode(base64);
    }

    /** Without the contents, which may be a key. */
    @Override
    public String toString() {
        return problem.isEmpty() ? contents.length() + " octets" : problem;
    }
}
