package dev.greeter.http;

import dev.greeter.config.Config;
import dev.greeter.net.ConnectionLimit;
import dev.greeter.net.ServerBinding;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** What all instances of a server share: its address, its port once bound, and one count of connections. Thread-safe. */
public final class HttpBinding {
    /** Connections over the limit that are still told so; any further one is just closed. */
    static final int HEADROOM = 64;

    /** Tell the free port that instances share from those of other servers of the same Vert.x. */
    private static final int FREE_HTTP_PORT_ID = 8080;

    private static final int FREE_MANAGEMENT_PORT_ID = 9090;

    private static final int MAX_MANAGEMENT_CONNECTIONS = 256;
    private static final Timeouts MANAGEMENT_TIMEOUTS = new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(10));

    /**
     * What a client has time for.
     *
     * @param idle from an answer, or the connect, to the first octet of a request
     * @param request for a request, from its first octet to its last, and for taking its answer
     */
    record Timeouts(Duration idle, Duration request) {
        private static Timeouts of(Config.Http config) {
            return new Timeouts(config.idleTimeout(), config.requestTimeout());
        }
    }

    private final ServerBinding port;
    private final boolean prefersNew;
    private final ConnectionLimit admitted;
    private final ConnectionLimit over = new ConnectionLimit(HEADROOM);
    private final LongAdder requests = new LongAdder();
    private volatile Timeouts timeouts;

    private HttpBinding(ServerBinding port, int maxConnections, Timeouts timeouts, boolean prefersNew) {
        this.port = port;
        this.prefersNew = prefersNew;
        this.admitted = new ConnectionLimit(maxConnections);
        this.timeouts = timeouts;
    }

    public HttpBinding(Config.Http config) {
        this(
                new ServerBinding(config.host(), config.port(), FREE_HTTP_PORT_ID),
                config.maxConnections(),
                Timeouts.of(config),
                false);
    }

    /**
     * Probes are to be answered whoever else connects and is silent: each new connection over the limit takes the place of
     * the oldest that asks nothing.
     *
     * @param maxConnections a lower limit than the usual one
     */
    public HttpBinding(Config.Management config, int maxConnections) {
        this(config, maxConnections, MANAGEMENT_TIMEOUTS);
    }

    HttpBinding(Config.Management config, Timeouts timeouts) {
        this(config, MAX_MANAGEMENT_CONNECTIONS, timeouts);
    }

    private HttpBinding(Config.Management config, int maxConnections, Timeouts timeouts) {
        this(
                new ServerBinding(config.host(), config.port(), FREE_MANAGEMENT_PORT_ID),
                Math.min(maxConnections, MAX_MANAGEMENT_CONNECTIONS),
                timeouts,
                true);
    }

    /** Changes the limit and the timeouts for connections that are accepted from now on. */
    public void change(Config.Http changed) {
        admitted.most(changed.maxConnections());
        timeouts = Timeouts.of(changed);
    }

    /** The port that it listens on, once its verticle is deployed. */
    public int port() {
        return port.number();
    }

    ServerBinding sharedPort() {
        return port;
    }

    /** How many requests are read and not answered. */
    public long activeRequests() {
        return requests.sum();
    }

    LongAdder requests() {
        return requests;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    /** What becomes of a connection. */
    enum Admission {
        ADMITTED,
        /** Over the limit, and told so; it takes no place from those that are served. */
        REFUSED,
        /** So far over the limit that it is closed unheard. */
        IGNORED
    }

    /** Whether a new connection is let in only if one that asks nothing goes. */
    boolean isFullOfIdle() {
        return prefersNew && admitted.areTaken();
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
