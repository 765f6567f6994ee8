package dev.greeter.greeting;

import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Protocol;
import dev.greeter.faults.Faults;
import dev.greeter.net.ClientSocket;
import dev.greeter.net.Grace;
import dev.greeter.net.LoopClock;
import dev.greeter.net.ServerBinding.Admission;
import dev.greeter.protocol.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns one NetServer for the greeting protocol. Any number of instances share a port.
 *
 * <p>Undeploying one is the drain: it stops accepting, lets each connection end by the protocol, cuts what is left
 * at the end of the grace period, and completes when the ledger has acknowledged every exchange.
 */
public final class GreetingServerVerticle extends VerticleBase {
    /** Clients come in bursts; the kernel cuts this to its own limit. */
    private static final int ACCEPT_BACKLOG = 4_096;

    /** The kernel's, of each connection; Linux counts twice as much, and would go up to 4 MiB for a client that reads nothing. */
    private static final int SEND_BUFFER_OCTETS = 16 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(GreetingServerVerticle.class);

    private final GreetingBinding binding;
    private final Reply.Node node;
    private final Faults faults;
    private final Grace grace;
    private final LoopClock clock = new LoopClock();
    private final Set<GreetingConnection> connections = new HashSet<>();
    private boolean draining;
    private @Nullable Promise<Void> allClosed;
    private ExchangeReporter reporter;
    private FaultyGreeter greeter;
    private NetServer server;

    /**
     * @param binding the same for all instances of a node
     * @param node the name in the answer to {@code Who}
     * @param faults on demand, the same for all instances of a node
     * @param grace how long the drain may take before it cuts connections, the same for all instances of a node
     */
    public GreetingServerVerticle(GreetingBinding binding, String node, Faults faults, Grace grace) {
        this.binding = binding;
        this.faults = faults;
        this.node = new Reply.Node(node);
        this.grace = grace;
    }

    @Override
    public Future<?> start() throws UnknownHostException {
        reporter = new ExchangeReporter(vertx, Protocol.GREETING);
        greeter = new FaultyGreeter(vertx, faults, Greeter.PLAIN);
        clock.start(vertx, this::check);
        server = vertx.createNetServer(new NetServerOptions()
                        .setAcceptBacklog(ACCEPT_BACKLOG)
                        .setSendBufferSize(SEND_BUFFER_OCTETS)
                        .setTcpNoDelay(true))
                .connectHandler(this::accept)
                .exceptionHandler(failure -> LOG.debug("connection not accepted: {}", failure.toString()));
        return server.listen(binding.address()).onSuccess(listening -> binding.bound(listening.actualPort()));
    }

    private void check() {
        greeter.check(draining);
        List.copyOf(connections).forEach(GreetingConnection::check);
    }

    @Override
    public Future<?> stop() {
        return binding.close(context).eventually(this::drain).transform(drained -> reporter.close());
    }

    private Future<Void> drain() {
        draining = true;
        greeter.check(true);
        Runnable drained = grace.begin(vertx, () -> List.copyOf(connections).forEach(GreetingConnection::cut));
        // Vert.x must not end the grace period on its own: it does not count the connections that this cuts
        return server.shutdown(grace.duration().plus(LoopClock.INTERVAL))
                // channels are closed a moment before their last writes have failed: the counting waits for both
                .eventually(this::allClosed)
                .onComplete(closed -> drained.run());
    }

    private Future<Void> allClosed() {
        if (connections.isEmpty()) {
            return Future.succeededFuture();
        }
        allClosed = Promise.promise();
        return allClosed.future();
    }

    private void accept(NetSocket socket) {
        ClientSocket client = ClientSocket.of(socket);
        Admission admission = binding.admit(client);
        GreetingConnection connection =
                new GreetingConnection(client, binding.config(), node, greeter, reporter, clock, binding.backlog());
        connections.add(connection);
        reporter.connections(connections.size());
        connection.open(() -> {
            binding.release(admission);
            connections.remove(connection);
            reporter.connections(connections.size());
            if (allClosed != null && connections.isEmpty()) {
                allClosed.complete();
            }
        });
        switch (admission) {
            case ADMITTED -> {}
            case REFUSED, PEER_REFUSED -> client.whenReady(connection::refuseBusy);
            case IGNORED -> connection.close();
        }
        if (draining) {
            // its header of the PROXY protocol came when the others had begun to drain
            connection.drain();
        }
    }
}
