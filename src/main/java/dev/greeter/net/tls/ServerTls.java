package dev.greeter.net.tls;

import dev.greeter.config.ConfigException;
import dev.greeter.config.Tls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of one port: TLS 1.3 and 1.2 with suites that have forward secrecy and authenticated encryption. New files hold for the
 * connections that come from then on. Thread-safe, except that one thread looks at the files.
 */
public final class ServerTls {
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** A session that is resumed is not checked again, so its client's certificate may have expired meanwhile. */
    private static final Duration SESSION_TIMEOUT = Duration.ofHours(1);

    /**
     * Of clients of TLS 1.2 that take no tickets, whose sessions are kept here: more than 1 KB each, and the client's certificate. The
     * JDK's own limit is 20,480.
     */
    static final int MAX_SESSIONS = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final String port;
    private final Tls config;
    private final List<String> protocols;
    private final LongAdder failedHandshakes = new LongAdder();
    private volatile Served served;
    private Credentials.Files seen;
    private Credentials.Files judged;
    /** When files that were refused may be used; null if never. */
    private @Nullable Instant validFrom;

    /** What connections get from now on. */
    private record Served(Credentials.Files files, SslContext context, Instant ends) {}

    /**
     * Reads the files.
     *
     * @param port the section of its configuration, such as {@code greeting}
     * @param protocols the names of what it speaks within TLS (RFC 7301); a client that names others only gets an alert
     * @throws ConfigException if they cannot be used
     */
    public ServerTls(String port, Tls config, List<String> protocols) throws ConfigException {
        this.port = port;
        this.config = config;
        this.protocols = protocols;
        seen = read();
        judged = seen;
        served = serve(seen, Instant.now());
    }

    private Credentials.Files read() {
        return Credentials.Files.read(port + ".tls", config);
    }

    /** Reads the files, and takes them if they are new, were the same at the last look, and can be used. */
    void look() {
        Instant now = Instant.now();
        Credentials.Files current = read();
        boolean settled = current.equals(seen);
        seen = current;
        boolean isDue = validFrom != null && !now.isBefore(validFrom);
        if (!settled || (current.equals(judged) && !isDue)) {
            return;
        }
        judged = current;
        validFrom = null;
        if (current.equals(served.files())) {
            // a new context would end all sessions
            LOG.atInfo().addKeyValue("port", port).log("TLS files are again as they are served");
            return;
        }
        try {
            served = serve(current, now);
            LOG.atInfo()
                    .addKeyValue("port", port)
                    .addKeyValue("expires", served.ends())
                    .log("TLS files changed");
        } catch (ConfigException refused) {
            LOG.error("certificate stays as it was: {}", refused.getMessage());
        }
    }

    private Served serve(Credentials.Files files, Instant now) throws ConfigException {
        Credentials credentials = files.credentials();
        if (now.isBefore(credentials.begins())) {
            validFrom = credentials.begins();
        }
        files.checkValidity(credentials, now);
        try {
            return new Served(files, context(credentials), credentials.ends());
        } catch (IOException | RuntimeException e) {
            throw files.certificate()
                    .refused("TLS cannot use it: " + e.getMessage(), "a certificate for TLS, of EC or RSA");
        }
    }

    private SslContext context(Credentials credentials) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forServer(credentials.key(), credentials.chain())
                .sslProvider(SslProvider.JDK)
                .protocols(VERSIONS)
                .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
                .sessionTimeout(SESSION_TIMEOUT.toSeconds())
                .sessionCacheSize(MAX_SESSIONS);
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.FATAL_ALERT,
                    SelectedListenerFailureBehavior.ACCEPT,
                    protocols));
        }
        if (!credentials.trust().isEmpty()) {
            builder.clientAuth(ClientAuth.REQUIRE).trustManager(new ClientNames(credentials.trust(), config.names()));
        }
        return builder.build();
    }

    SslHandler newHandler(ByteBufAllocator allocator) {
        SslHandler handler = served.context().newHandler(allocator);
        // the connection's own deadlines end a handshake: a pause of this process is not the client's fault
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    void handshakeFailed() {
        failedHandshakes.increment();
    }

    /** The section of its configuration. */
    public String port() {
        return port;
    }

    /** When the first certificate that clients are shown expires. */
    public Instant expiry() {
        return served.ends();
    }

    /** The number of connections whose handshakes failed, of whichever side. */
    public long failedHandshakes() {
        return failedHandshakes.sum();
    }
}
