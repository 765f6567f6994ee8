package dev.greeter.web;

import dev.greeter.config.Config;
import dev.greeter.net.Addresses;
import io.vertx.core.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/** What all instances of a server share: its address, its port once bound, and one count of connections. Thread-safe. */
public final class WebListener {
    /** Connections over the limit that are still told so; any further one is just closed. */
    static final int HEADROOM = 64;

    /** Tells the free port that instances share from those of other servers of the same Vert.x. */
    private static final int FREE_PORT_ID = 8080;

    private static final int FREE_MANAGEMENT_PORT_ID = 9090;

    private static final int MAX_MANAGEMENT_CONNECTIONS = 256;
    private static final Duration MANAGEMENT_IDLE_TIMEOUT = Duration.ofSeconds(60);

    private final String host;
    private final int configuredPort;
    private final int freePortId;
    private final Places admitted;
    private final Places over = new Places(HEADROOM);
    private final Duration idleTimeout;
    private volatile int port;

    private WebListener(String host, int port, int freePortId, int maxConnections, Duration idleTimeout) {
        this.host = host;
        this.configuredPort = port;
        this.freePortId = freePortId;
        this.admitted = new Places(maxConnections);
        this.idleTimeout = idleTimeout;
    }

    public WebListener(Config.Http config) {
        this(config.host(), config.port(), FREE_PORT_ID, config.maxConnections(), config.idleTimeout());
    }

    public WebListener(Config.Management config) {
        this(
                config.host(),
                config.port(),
                FREE_MANAGEMENT_PORT_ID,
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

    SocketAddress address() throws UnknownHostException {
        return Addresses.listening(host, configuredPort, freePortId);
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
