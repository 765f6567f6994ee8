package dev.greeter.net.tls;

import dev.greeter.config.Config;
import dev.greeter.config.ConfigException;
import dev.greeter.config.Tls;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * TLS of all ports. Their files are read twice a second, on a separate thread, until this is closed.
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

    private static final Duration INTERVAL = Duration.ofMillis(500);

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

    /** Starts to look at the files. */
    public Watch watch() {
        Watch watch = new Watch(ports());
        if (!ports().isEmpty()) {
            Thread thread = new Thread(watch::look, "certificates");
            thread.setDaemon(true);
            thread.start();
        }
        return watch;
    }

    /** Looks at the files until it is closed. */
    public static final class Watch implements AutoCloseable {
        private final List<ServerTls> ports;
        private final CountDownLatch closed = new CountDownLatch(1);

        private Watch(List<ServerTls> ports) {
            this.ports = ports;
        }

        private void look() {
            try {
                while (!closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    ports.forEach(ServerTls::look);
                }
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
