package dev.greeter.client.connect;

import dev.greeter.config.pem.PemFile;
import dev.greeter.config.pem.PemFile.WrongFileException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The certificate by which a client proves its identity to a server.
 *
 * @param chain its own certificate first, then those of the authorities between it and one that the server knows
 * @param key fits the first certificate
 */
public record ClientCertificate(List<X509Certificate> chain, PrivateKey key) {
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    public ClientCertificate {
        chain = List.copyOf(chain);
    }

    /**
     * Reads the key of the first certificate.
     *
     * @throws WrongFileException if the file has none, or another's
     */
    public static ClientCertificate of(List<X509Certificate> chain, PemFile file) throws WrongFileException {
        PrivateKey key = file.key(KEY_ALGORITHMS);
        if (!PemFile.fits(key, chain.get(0).getPublicKey())) {
            throw new WrongFileException("its key does not fit the certificate");
        }
        return new ClientCertificate(chain, key);
    }
}
