package dev.greeter.client.connect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

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
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys in files of PEM (RFC 7468). */
public final class PemFile {
    private static final int MAX_OCTETS = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";

    /** The algorithms of keys, and of signatures by them. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    /** A file is not what it has to be; the message is a clause for a user, without the file's name. */
    public static final class WrongFileException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongFileException(String why) {
            super(why, null, false, false);
        }
    }

    private record Block(String type, String base64) {
        byte[] octets() throws WrongFileException {
            try {
                return Base64.getMimeDecoder().decode(base64.getBytes(US_ASCII));
            } catch (IllegalArgumentException e) {
                throw new WrongFileException("its " + type + " is broken: no Base64");
            }
        }
    }

    private PemFile() {}

    /** Reads all certificates of a file, at least one. */
    public static List<X509Certificate> certificates(Path file) throws WrongFileException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (block.type().equals(CERTIFICATE)) {
                certificates.add(certificate(block.octets()));
            }
        }
        if (certificates.isEmpty()) {
            throw new WrongFileException("it has no certificate in PEM");
        }
        return certificates;
    }

    /** Reads the private key (PKCS#8) of a certificate. */
    public static PrivateKey key(Path file, X509Certificate certificate) throws WrongFileException {
        for (Block block : blocks(file)) {
            if (block.type().equals(KEY)) {
                return fitting(privateKey(block.octets()), certificate.getPublicKey());
            }
            if (block.type().endsWith(" " + KEY)) {
                throw new WrongFileException("it has a key of the form BEGIN " + block.type()
                        + ", not PKCS#8 (BEGIN PRIVATE KEY), as openssl pkcs8 -topk8 -nodes makes it");
            }
        }
        throw new WrongFileException("it has no private key in PEM");
    }

    private static List<Block> blocks(Path file) throws WrongFileException {
        Matcher matcher = BLOCK.matcher(text(file));
        List<Block> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return blocks;
    }

    private static String text(Path file) throws WrongFileException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MAX_OCTETS + 1);
            if (octets.length > MAX_OCTETS) {
                throw new WrongFileException("it is larger than " + (MAX_OCTETS >> 20) + " MiB");
            }
            return new String(octets, ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new WrongFileException("there is no such file");
        } catch (AccessDeniedException e) {
            throw new WrongFileException("permission denied");
        } catch (IOException e) {
            throw new WrongFileException("it cannot be read: " + e.getMessage());
        }
    }

    private static X509Certificate certificate(byte[] octets) throws WrongFileException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(octets));
        } catch (CertificateException e) {
            throw new WrongFileException("one of its certificates is broken");
        }
    }

    private static PrivateKey privateKey(byte[] octets) throws WrongFileException {
        for (String algorithm : SIGNATURES.keySet()) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(octets));
            } catch (InvalidKeySpecException another) {
                // the next algorithm
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this JDK knows no keys of " + algorithm, e);
            }
        }
        throw new WrongFileException("its key is broken, or is for none of RSA, EC and EdDSA");
    }

    private static PrivateKey fitting(PrivateKey key, PublicKey certified) throws WrongFileException {
        try {
            byte[] text = KEY.getBytes(US_ASCII);
            Signature signature = Signature.getInstance(SIGNATURES.get(key.getAlgorithm()));
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(text);
            if (signature.verify(signed)) {
                return key;
            }
        } catch (GeneralSecurityException another) {
            // as below
        }
        throw new WrongFileException("its key does not fit the certificate");
    }
}
