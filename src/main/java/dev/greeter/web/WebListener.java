package dev.greeter.web;

import dev.greeter.config.Config;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;

/** What all instances of a server share: its address, its port once bound, and one count of connections. Thread-safe. */
public final class WebListener {
    /** Connections over the limit that are still told so; any further one is just closed. */
    static final int HEADROOM = 64;

    /** Tells the free port that instances share from those of other servers of the same Vert.x. */
    private static final int FREE_PORT_ID = 8080;

    private static final int MAX_MANAGEMENT_CONNECTIONS = 256;
    private static final Duration MANAGEMENT_IDLE_TIMEOUT = Duration.ofSeconds(60);

    private final SocketAddress address;
    private final Places admitted;
    private final Places over = new Places(HEADROOM);
    private final Duration idleTimeout;
    private volatile int port;

    private WebListener(SocketAddress address, int maxConnections, Duration idleTimeout) {
        this.address = address;
        this.admitted = new Places(maxConnections);
        this.idleTimeout = idleTimeout;
    }

    public WebListener(Config.Http config) {
        this(
                // on port 0 each instance would get one of its own
                config.port() == 0
                        ? SocketAddress.sharedRandomPort(FREE_PORT_ID, config.host())
                        : SocketAddress.inetSocketAddress(config.port(), config.host()),
                config.maxConnections(),
                config.idleTimeout());
    }

    public WebListener(Config.Management config) {
        this(
                SocketAddress.inetSocketAddress(config.port(), config.host()),
                MAX_MANAGEMENT_CONNECTIONS,
                MANAGEMENT_IDLE_TIMEOUT);
    }

    /** Changes the limit for connections that are accepted from now on. */
    public void change(Config.Http changed) {
        admitted.most(changed.maxConnections());
    }

    /** The port that it listens on, once its verticle is deployed. */
    public int port() {
        return port;
    }

    void bound(int actualPort) {
        port = actualPort;
    }

    SocketAddress address() {
        return address;
    }

    Duration idleTimeout() {
        return idleTimeout;
    }

    /** What becomes of a connection. */
    enum Admission {
        ADMITTED,
        /** Over the limit, and told so; it takes no place from those that are served. */
        REFUSED,
        /** So far over the limit that it is closed unheard. */
        IGNORED
    }

    Admission opened() {
        if (admitted.take()) {
            return Admission.ADMITTED;
        }
        return over.take() ? Admission.REFUSED : Admission.IGNORED;
    }

    void closed(Admission admission) {
        switch (admission) {
            case ADMITTED -> admitted.free();
            case REFUSED -> over.free();
            case IGNORED -> {}
        }
    }
}
