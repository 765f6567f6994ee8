package dev.greeter.client;

import dev.greeter.config.value.HostPort;
import java.util.Optional;

/** A greeting server, as a user writes it: {@code HOST[:PORT]}, or {@code tls://HOST[:PORT]} for one that speaks TLS. */
public record GreetingTarget(boolean isTls, HostPort server) {
    /** The scheme of a greeting server over TLS. */
    public static final String TLS = "tls";

    private static final int PORT = 1234;
    private static final String TLS_PREFIX = TLS + "://";

    /**
     * Reads a target as a user writes it; without a port it is 1234.
     *
     * @throws IllegalArgumentException saying what is wrong, without the text
     */
    public static GreetingTarget parse(String text) {
        Optional<String> scheme = Url.scheme(text);
        boolean tls = scheme.filter(TLS::equals).isPresent();
        if (scheme.isPresent() && !tls) {
            throw new IllegalArgumentException("its scheme is not " + TLS);
        }
        String server = tls ? text.substring(TLS_PREFIX.length()) : text;
        return new GreetingTarget(tls, HostPort.parse(server, PORT).withLocalZone());
    }

    @Override
    public String toString() {
        return (isTls ? TLS_PREFIX : "") + server;
    }
}
