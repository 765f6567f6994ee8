package dev.greeter.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.Closeable;
import io.vertx.core.internal.CloseableResource;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The TCP port that all instances of one server listen on, from its binding to its orderly end. Thread-safe.
 *
 * <p>Vert.x closes a port after its last instance, but takes an instance's handler away before: what is accepted in between
 * is closed unanswered. So whoever stops the instances {@linkplain #close closes} the port first.
 */
public final class ServerBinding {
    /** Where Vert.x keeps the listening sockets that its servers share. */
    private static final String LISTENING_SOCKETS = "__vertx.shared.tcpServers";

    private final String host;
    private final int port;
    private final int freePortId;
    private volatile @Nullable SocketAddress address;
    private volatile int number;
    /** Vert.x gives it to its connections only; null before the first. */
    private volatile @Nullable Channel listening;

    private @Nullable Future<Void> closed;

    /**
     * @param port 0 for a free one
     * @param freePortId positive; tells the free port from those of other servers of the same Vert.x
     */
    public ServerBinding(String host, int port, int freePortId) {
        this.host = host;
        this.port = port;
        this.freePortId = freePortId;
    }

    /**
     * What each instance is to listen on.
     *
     * @throws UnknownHostException if the host has a zone that this machine has no interface of
     */
    public SocketAddress address() throws UnknownHostException {
        SocketAddress listening = Addresses.listening(host, port, freePortId);
        address = listening;
        return listening;
    }

    /** An instance listens, on this port. */
    public synchronized void bound(int actualPort) {
        number = actualPort;
        if (closed != null && closed.isComplete()) {
            closed = null;
        }
    }

    /** The port that it is bound to, once an instance listens. */
    public int number() {
        return number;
    }

    /** To be called with every connection. */
    public void accepted(Channel connection) {
        Channel parent = connection.parent();
        if (listening != parent) {
            listening = parent;
        }
    }

    /**
     * Stops listening, for all instances. Each of them calls this before it shuts its server down.
     *
     * @param context the instance's
     * @return completes on that context, when every connection that was accepted has reached its instance, except those
     *     whose TLS handshake is not finished
     */
    public Future<Void> close(Context context) {
        Promise<Void> arrived = Promise.promise();
        // a connection is handed to its loop before the port is closed, so a turn that is asked for after that comes
        // later
        stopListening((VertxInternal) context.owner())
                .onComplete(stopped -> context.runOnContext(turn -> arrived.handle(stopped)));
        return arrived.future();
    }

    private synchronized Future<Void> stopListening(VertxInternal vertx) {
        if (closed == null) {
            Channel used = listening;
            closed = used != null && used.isOpen() ? ListenerEnd.of(used) : closeUnused(vertx);
        }
        return closed;
    }

    /** Nobody has connected yet, so the channel is not known. */
    private Future<Void> closeUnused(VertxInternal vertx) {
        SocketAddress bound = address;
        if (bound == null) {
            return Future.succeededFuture();
        }
        String name = bound.port() < 0 ? bound.host() + "/" + -bound.port() : bound.host();
        CloseableResource<Closeable> socket =
                vertx.createSharedResource(LISTENING_SOCKETS, name + "." + bound.port(), () -> {
                    throw new IllegalStateException("Vert.x does not listen on " + bound);
                });
        return socket.get()
                .shutdown(Duration.ZERO)
                .compose(closed -> nextSelection(vertx.acceptorEventLoopGroup()))
                .eventually(socket::close);
    }

    /** The JDK keeps a socket open until its selector has forgotten it; what is scheduled comes after that. */
    private static Future<Void> nextSelection(EventLoopGroup acceptor) {
        Promise<Void> selected = Promise.promise();
        acceptor.schedule(() -> {}, 0, TimeUnit.NANOSECONDS).addListener(done -> selected.complete());
        return selected.future();
    }
}
