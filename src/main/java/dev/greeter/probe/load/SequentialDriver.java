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

/** The forms with one exchange at a time on a connection: a new one for each, or a persistent one that is free. */
final class SequentialDriver extends Driver {
    /** New connections open at one time in an open loop, beyond which exchanges wait. */
    private static final int MAX_OPEN = 1_000;

    private final int connections;
    private final byte[] request;
    private final Set<SequentialConnection> links = new HashSet<>();

    /** They have answered and are about to be closed by their server. */
    private final Set<SequentialConnection> leaving = new HashSet<>();

    /** Persistent ones without an exchange, the one that is free for longest first, so that all are used. */
    private final Deque<SequentialConnection> free = new ArrayDeque<>();

    SequentialDriver(
            Scenario scenario, ContextInternal context, Connector connector, Duration timeout, int connections) {
        super(scenario, context, connector, timeout);
        this.connections = connections;
        this.request = ("GET " + scenario.target().path() + " HTTP/1.1\r\n"
                        + "host: " + scenario.target().authority() + "\r\n"
                        + "user-agent: greeter-probe\r\n"
                        + (scenario.mode() == Mode.HTTP ? "connection: close\r\n" : "")
                        + "\r\n")
                .getBytes(US_ASCII);
    }

    @Override
    boolean begin(PendingExchange exchange) {
        int limit = scenario.mode() != Mode.HTTP_KEEPALIVE && isOpenLoop() ? MAX_OPEN : connections;
        if (links.size() < limit) {
            SequentialConnection link =
                    scenario.mode() == Mode.ONESHOT ? new OneShotConnection(this) : new HttpConnection(this);
            links.add(link);
            link.ask(exchange);
            link.connect();
            return true;
        }
        SequentialConnection link = free.poll();
        if (link != null) {
            link.ask(exchange);
        }
        return link != null;
    }

    @Override
    void flush() {
        // each went out as it was begun
    }

    @Override
    void sweep(long nowNanos) {
        List.copyOf(links).forEach(link -> link.sweep(nowNanos));
        List.copyOf(leaving).forEach(link -> link.sweep(nowNanos));
    }

    @Override
    void closeConnections() {
        links.forEach(SequentialConnection::close);
        leaving.forEach(SequentialConnection::close);
    }

    byte[] request() {
        return request;
    }

    void free(SequentialConnection link) {
        free.add(link);
        pumpSoon();
    }

    /**
     * It carries no more exchanges.
     *
     * @return whether it may wait for its server to close it
     */
    boolean leaves(SequentialConnection link) {
        links.remove(link);
        pumpSoon();
        return leaving.size() < MAX_OPEN && leaving.add(link);
    }

    /** It is no more. */
    void gone(SequentialConnection link) {
        links.remove(link);
        leaving.remove(link);
        free.remove(link);
        pumpSoon();
    }
}
