package dev.greeter.greeting;

import dev.greeter.config.Config;
import dev.greeter.net.ServerBinding;
import dev.greeter.net.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/**
 * The greeting server's binding, with the timeouts of its clients and a bound for the answers that they leave unread.
 * Thread-safe.
 */
public final class GreetingBinding extends ServerBinding {
    /** Distinguishes the free port that instances share from those of other servers of the same Vert.x. */
    private static final int FREE_PORT_ID = 1234;

    /** Connections over the limit that get {@code Error busy} at a time. */
    private static final int MAX_REFUSED = 1_000;

    private final Backlog backlog;
    private volatile Config.Greeting config;

    /** @param tls null for clear text */
    public GreetingBinding(Config.Greeting config, @Nullable ServerTls tls) {
        this(config, tls, Backlog.ofProcess());
    }

    GreetingBinding(Config.Greeting config, @Nullable ServerTls tls, Backlog backlog) {
        super(config.host(), config.port(), FREE_PORT_ID, config.maxConnections(), MAX_REFUSED, tls);
        this.backlog = backlog;
        this.config = config;
        expectHeaders(config.proxyProtocol(), () -> this.config.handshakeTimeout());
    }

    /** Changes the limit and the timeouts for connections that are accepted from now on. */
    public void change(Config.Greeting changed) {
        config = changed;
        limit(changed.maxConnections());
    }

    Backlog backlog() {
        return backlog;
    }

    Config.Greeting config() {
        return config;
    }
}
