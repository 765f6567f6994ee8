package dev.greeter.probe.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.Scenario;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The modes with one exchange at a time on a connection: a new one for each, or a persistent one that is free. */
final class SequentialDriver extends Driver {
    /** New connections open at one time in an open loop, beyond which exchanges wait. */
    private static final int MAX_OPEN = 1_000;

    private final int maxConnections;
    private final byte[] request;
    private final Set<SequentialConnection> connections = new HashSet<>();

    /** They have answered and are about to be closed by their server. */
    private final Set<SequentialConnection> leaving = new HashSet<>();

    /** Persistent ones without an exchange, the one that is free for longest first, so that all are used. */
    private final Deque<SequentialConnection> free = new ArrayDeque<>();

    SequentialDriver(
            Scenario scenario, ContextInternal context, Connector connector, Duration timeout, int connections) {
        super(scenario, context, connector, timeout);
        this.maxConnections = connections;
        this.request = ("GET " + scenario.target().path() + " HTTP/1.1\r\n"
                        + "host: " + scenario.target().authority() + "\r\n"
                        + "user-agent: greeter-probe\r\n"
                        + (scenario.mode() == Mode.HTTP ? "connection: close\r\n" : "")
                        + "\r\n")
                .getBytes(US_ASCII);
    }

    @Override
    boolean begin(PendingExchange exchange) {
        int limit = scenario().mode() != Mode.HTTP_KEEPALIVE && isOpenLoop() ? MAX_OPEN : maxConnections;
        if (connections.size() < limit) {
            SequentialConnection connection =
                    scenario().mode() == Mode.ONESHOT ? new OneShotConnection(this) : new HttpConnection(this);
            connections.add(connection);
            connection.ask(exchange);
            connection.connect();
            return true;
        }
        SequentialConnection connection = free.poll();
        if (connection != null) {
            connection.ask(exchange);
        }
        return connection != null;
    }

    @Override
    void flush() {
        // each went out as it was begun
    }

    @Override
    void sweep(long nowNanos) {
        List.copyOf(connections).forEach(connection -> connection.sweep(nowNanos));
        List.copyOf(leaving).forEach(connection -> connection.sweep(nowNanos));
    }

    @Override
    void closeConnections() {
        connections.forEach(SequentialConnection::close);
        leaving.forEach(SequentialConnection::close);
    }

    byte[] request() {
        return request;
    }

    void free(SequentialConnection connection) {
        free.add(connection);
        beginDueSoon();
    }

    /**
     * It carries no more exchanges.
     *
     * @return whether it may wait for its server to close it
     */
    boolean leaves(SequentialConnection connection) {
        connections.remove(connection);
        beginDueSoon();
        return leaving.size() < MAX_OPEN && leaving.add(connection);
    }

    /** The connection is over. */
    void gone(SequentialConnection connection) {
        connections.remove(connection);
        leaving.remove(connection);
        free.remove(connection);
        beginDueSoon();
    }
}
