package dev.greeter.client.connect;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Which servers a client trusts over TLS.
 *
 * @param authorities one of them must have signed a server's certificate; empty for those that the JDK knows
 * @param anyone whether every server is trusted: no certificate is checked
 */
public record Trust(Optional<List<X509Certificate>> authorities, boolean anyone) {
    public static final Trust OF_THE_JDK = new Trust(Optional.empty(), false);

    /** Returns Vert.x's options. May read the JDK's store of authorities, so call it once, before the calls. */
    public ClientSSLOptions options() {
        if (anyone) {
            return new ClientSSLOptions().setTrustAll(true).setHostnameVerificationAlgorithm("");
        }
        CertificateCheck check = authorities.map(CertificateCheck::of).orElseGet(CertificateCheck::ofTheJdk);
        return new ClientSSLOptions()
                .setTrustOptions(TrustOptions.wrap(check))
                .setHostnameVerificationAlgorithm("HTTPS");
    }
}
