package dev.greeter.client.connect;

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
    public ClientCertificate {
        chain = List.copyOf(chain);
    }
}
