package dev.greeter.net.tls;

import dev.greeter.config.ConfigException;
import dev.greeter.config.pem.PemFile;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A PEM file that a configuration key names, as it was at one moment.
 *
 * @param key the configuration key
 * @param path as the key has it
 */
record ConfiguredFile(String key, String path, PemFile contents) {
    /** The algorithms of the keys that a port's certificate may have. */
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA");

    private static final String ALLOWED_CHAIN = "a PEM file with a certificate, and the intermediate ones behind it";
    private static final String ALLOWED_TRUST = "a PEM file with the certificates of authorities";
    private static final String ALLOWED_KEY =
            "a PEM file with one PKCS#8 key (BEGIN PRIVATE KEY) of EC or RSA, without a password";

    static ConfiguredFile read(String key, String path) {
        return new ConfiguredFile(key, path, PemFile.readRegular(path));
    }

    /** Returns the certificates of a server, its own first. */
    List<X509Certificate> chain() throws ConfigException {
        return certificates(ALLOWED_CHAIN);
    }

    /** Returns the certificates of authorities. */
    List<X509Certificate> authorities() throws ConfigException {
        return certificates(ALLOWED_TRUST);
    }

    private List<X509Certificate> certificates(String allowed) throws ConfigException {
        try {
            return contents.certificates();
        } catch (PemFile.WrongFileException e) {
            throw refused(e.getMessage(), allowed);
        }
    }

    PrivateKey privateKey() throws ConfigException {
        try {
            return contents.key(KEY_ALGORITHMS);
        } catch (PemFile.WrongFileException e) {
            throw refused(e.getMessage(), ALLOWED_KEY);
        }
    }

    /** Returns the error that the file causes. */
    ConfigException refused(String why, String allowed) {
        return new ConfigException(List.of(key + " is \"" + path + "\", but " + why + "; allowed: " + allowed));
    }
}
