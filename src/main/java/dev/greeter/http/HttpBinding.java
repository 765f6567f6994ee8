package dev.greeter.http;

import dev.greeter.config.Config;
import dev.greeter.net.ServerBinding;
import dev.greeter.net.tls.ServerTls;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The binding of one HTTP server, with the timeouts of its clients and the number of their active requests. Thread-safe. */
public final class HttpBinding extends ServerBinding {
    /** How many connections over the limit get a 503 at a time; any further one is closed. */
    static final int MAX_REFUSED = 64;

    /** Short, because a connection that sends no request keeps its place among these. */
    private static final Duration REFUSED_PATIENCE = Duration.ofSeconds(2);

    /** These distinguish the free port that instances share from those of other servers of the same Vert.x. */
    private static final int FREE_HTTP_PORT_ID = 8080;

    private static final int FREE_MANAGEMENT_PORT_ID = 9090;

    private static final Timeouts MANAGEMENT_TIMEOUTS = new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(10));

    /**
     * The time that a client has.
     *
     * @param idle from a response, or the connect, to the first octet of a request
     * @param request for a request, from its first octet to its last, and for taking its response
     */
    record Timeouts(Duration idle, Duration request) {
        private static Timeouts of(Config.Http config) {
            return new Timeouts(config.idleTimeout(), config.requestTimeout());
        }

        /** Of a connection over the limit. */
        Timeouts ofRefused() {
            return new Timeouts(shorter(idle), shorter(request));
        }

        private static Duration shorter(Duration time) {
            return time.compareTo(REFUSED_PATIENCE) < 0 ? time : REFUSED_PATIENCE;
        }
    }

    private final boolean prefersNew;
    private final LongAdder requests = new LongAdder();
    private volatile Timeouts timeouts;

    private HttpBinding(
            String host,
            int port,
            int freePortId,
            int maxConnections,
            Timeouts timeouts,
            boolean prefersNew,
            @Nullable ServerTls tls) {
        super(host, port, freePortId, maxConnections, MAX_REFUSED, tls);
        this.prefersNew = prefersNew;
        this.timeouts = timeouts;
    }

    /**
     * Creates the binding of the application's server.
     *
     * @param tls null for clear text
     */
    public HttpBinding(Config.Http config, @Nullable ServerTls tls) {
        this(config.host(), config.port(), FREE_HTTP_PORT_ID, config.maxConnections(), Timeouts.of(config), false, tls);
        expectHeaders(config.proxyProtocol(), () -> timeouts.request());
    }

    /**
     * Creates the binding of the management server. A new connection over its limit takes the place of the oldest that waits for
     * its client, so that probes are answered even if other clients connect and send or read nothing.
     *
     * @param tls null for clear text
     */
    public HttpBinding(Config.Management config, int maxConnections, @Nullable ServerTls tls) {
        this(config, maxConnections, MANAGEMENT_TIMEOUTS, tls);
    }

    HttpBinding(Config.Management config, int maxConnections, Timeouts timeouts, @Nullable ServerTls tls) {
        this(config.host(), config.port(), FREE_MANAGEMENT_PORT_ID, maxConnections, timeouts, true, tls);
    }

    /** Changes the limit and the timeouts for connections that are accepted from now on. */
    public void change(Config.Http changed) {
        limit(changed.maxConnections());
        timeouts = Timeouts.of(changed);
    }

    /** Returns the number of requests that are read and have no response yet. */
    public long activeRequests() {
        return requests.sum();
    }

    LongAdder requests() {
        return requests;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    /** Whether a new connection is let in only if another one goes. */
    boolean mustMakeRoom() {
        return prefersNew && isFull();
    }
}
