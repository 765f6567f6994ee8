package dev.greeter.client.connect;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * How a client speaks TLS.
 *
 * @param authorities one of them must have signed a server's certificate, or be it; empty for those that the JDK knows
 * @param certificate for servers that ask for one
 * @param serverName to send and to check in place of the target's host
 */
public record ClientTls(
        Optional<List<X509Certificate>> authorities,
        Check check,
        Optional<ClientCertificate> certificate,
        Optional<String> serverName) {
    /** What is checked of a server's certificate. */
    public enum Check {
        /** All of it: its dates, its authority and the server's name. */
        NAME,
        /** Its dates and its authority. */
        AUTHORITY,
        NOTHING
    }

    /** The authorities that the JDK knows, and no certificate of the client. */
    public static final ClientTls DEFAULT =
            new ClientTls(Optional.empty(), Check.NAME, Optional.empty(), Optional.empty());

    /** Any server, unchecked. */
    public static final ClientTls OF_ANYONE =
            new ClientTls(Optional.empty(), Check.NOTHING, Optional.empty(), Optional.empty());
}
