package dev.greeter.probe;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Optional;

/**
 * Who is believed to be who it says, over TLS.
 *
 * @param authorities certificates as PEM; nothing for those that the JDK knows
 * @param anyone whether everyone is: no certificate is looked at
 */
public record Trust(Optional<String> authorities, boolean anyone) {
    public static final Trust OF_THE_JDK = new Trust(Optional.empty(), false);

    /** As Vert.x wants it. */
    public ClientSSLOptions options() {
        ClientSSLOptions options =
                new ClientSSLOptions().setTrustAll(anyone).setHostnameVerificationAlgorithm(anyone ? "" : "HTTPS");
        authorities.ifPresent(pem -> options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(pem))));
        return options;
    }
}
