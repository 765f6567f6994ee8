package dev.greeter.config;

import static dev.greeter.config.ConfigKey.Type.CERTIFICATE_NAMES;
import static dev.greeter.config.ConfigKey.Type.PATH;

import java.util.List;

/**
 * TLS on one port, by the paths of PEM files. Without a certificate the port is in clear text, and nothing else is set.
 *
 * @param certificate the server's, and the intermediate ones behind it
 * @param key the certificate's, PKCS#8
 * @param trust the authorities that sign clients' certificates; empty asks clients for none
 * @param names the DNS names and URIs of the clients that are let in, by their certificate's subject alternative names;
 *     empty lets in every client with a certificate that {@code trust} signed
 */
public record Tls(
        @ConfigKey(type = PATH) String certificate,
        @ConfigKey(type = PATH) String key,
        @ConfigKey(type = PATH) String trust,
        @ConfigKey(type = CERTIFICATE_NAMES) List<String> names) {
    public Tls {
        Keys.check(Tls.class, certificate, key, trust, names);
        names = List.copyOf(names);
    }

    public boolean enabled() {
        return !certificate.isEmpty();
    }
}
