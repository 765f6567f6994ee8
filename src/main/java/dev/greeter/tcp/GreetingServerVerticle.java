package dev.greeter.tcp;

import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Protocol;
import dev.greeter.config.Config;
import dev.greeter.protocol.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one NetServer that speaks the greeting protocol. Any number of instances share a port.
 *
 * <p>Undeploying one is the drain: it stops accepting, lets each connection end as the protocol says, cuts what is left
 * at the end of the grace period, and completes when the ledger has acknowledged every exchange.
 */
public final class GreetingServerVerticle extends VerticleBase {
    /** How exactly deadlines are kept. One timer looks at all connections: cheaper than a timer for each. */
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);

    /** Clients come in bursts; the kernel cuts this to its own limit. */
    private static final int ACCEPT_BACKLOG = 4_096;

    /** Connections over the limit that are told so at one time; beyond, they are just closed. */
    private static final int MAX_REFUSALS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(GreetingServerVerticle.class);

    private final Config.Greeting config;
    private final Duration grace;
    private final Reply.Node node;
    private final AtomicInteger openOnNode;
    private final Set<GreetingConnection> connections = new HashSet<>();

    private final Promise<Void> allClosed = Promise.promise();
    private boolean stopping;
    private ExchangeReporter reporter;
    private NetServer server;

    private GreetingServerVerticle(Config.Greeting config, Duration grace, String node, AtomicInteger openOnNode) {
        this.config = config;
        this.grace = grace;
        this.node = new Reply.Node(node);
        this.openOnNode = openOnNode;
    }

    /**
     * Makes the instances of one node, which share its connection limit.
     *
     * @param grace how long a drain may take before it cuts connections
     * @param node what {@code Who} is answered with
     */
    public static Supplier<GreetingServerVerticle> supplier(Config.Greeting config, Duration grace, String node) {
        AtomicInteger openOnNode = new AtomicInteger();
        return () -> new GreetingServerVerticle(config, grace, node, openOnNode);
    }

    @Override
    public Future<?> start() {
        reporter = new ExchangeReporter(vertx, Protocol.GREETING);
        vertx.setPeriodic(CHECK_INTERVAL.toMillis(), timer -> check());
        server = vertx.createNetServer(
                        new NetServerOptions().setAcceptBacklog(ACCEPT_BACKLOG).setTcpNoDelay(true))
                .connectHandler(this::accept)
                .exceptionHandler(failure -> LOG.debug("connection not accepted: {}", failure.toString()));
        return server.listen(config.port(), config.host());
    }

    /** The port that it listens on, once started. */
    public int port() {
        return server.actualPort();
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        completeWhenAllClosed();
        long cut = vertx.setTimer(
                Math.max(1, grace.toMillis()), timer -> List.copyOf(connections).forEach(GreetingConnection::cut));
        return server.shutdown(grace.toMillis() + CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                // channels are closed a moment before their last writes have failed: the counting waits for both
                .eventually(allClosed::future)
                .eventually(() -> {
                    vertx.cancelTimer(cut);
                    return reporter.close();
                });
    }

    private void completeWhenAllClosed() {
        if (stopping && connections.isEmpty()) {
            allClosed.tryComplete();
        }
    }

    private void accept(NetSocket socket) {
        int open = openOnNode.incrementAndGet();
        GreetingConnection connection = new GreetingConnection((NetSocketInternal) socket, config, node, reporter);
        connections.add(connection);
        reporter.connections(connections.size());
        connection.open(() -> {
            openOnNode.decrementAndGet();
            connections.remove(connection);
            reporter.connections(connections.size());
            completeWhenAllClosed();
        });
        if (open > config.maxConnections() + MAX_REFUSALS) {
            connection.close();
        } else if (open > config.maxConnections()) {
            connection.refuseBusy();
        }
    }

    private void check() {
        long now = System.nanoTime();
        List.copyOf(connections).forEach(connection -> connection.check(now));
    }
}
