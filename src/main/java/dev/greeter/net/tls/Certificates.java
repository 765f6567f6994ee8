package dev.greeter.net.tls;

import dev.greeter.config.Config;
import dev.greeter.config.ConfigException;
import dev.greeter.config.FileWatch;
import dev.greeter.config.Tls;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * TLS of all ports. Their files are read again as long as they are {@linkplain #watch watched}.
 *
 * @param greeting null if the port is in clear text, as for the others
 */
public record Certificates(
        @Nullable ServerTls greeting,
        @Nullable ServerTls http,
        @Nullable ServerTls management) {
    /** No port has TLS. */
    public static final Certificates NONE = new Certificates(null, null, null);

    /** HTTP/2 would need its own drain and limits. */
    private static final List<String> HTTP = List.of("http/1.1");

    /** A client of TLS 1.2 could ask for one costly handshake after the other on a connection. */
    private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    /**
     * Reads the files of all ports that have TLS.
     *
     * @throws ConfigException if one cannot be used
     */
    public static Certificates read(Config config) throws ConfigException {
        return new Certificates(
                read("greeting", config.greeting().tls(), List.of()),
                read("http", config.http().tls(), HTTP),
                read("management", config.management().tls(), HTTP));
    }

    private static @Nullable ServerTls read(String port, Tls config, List<String> protocols) throws ConfigException {
        if (!config.enabled()) {
            return null;
        }
        // the JDK reads it with its first TLS
        System.setProperty(NO_RENEGOTIATION, "true");
        return new ServerTls(port, config, protocols);
    }

    /** The ports that have TLS. */
    public List<ServerTls> ports() {
        return Stream.of(greeting, http, management).filter(Objects::nonNull).toList();
    }

    /** Starts to look at the files, until the watch is closed. */
    public FileWatch watch() {
        FileWatch files = new FileWatch("certificates");
        if (!ports().isEmpty()) {
            files.start(() -> ports().forEach(ServerTls::look));
        }
        return files;
    }
}
