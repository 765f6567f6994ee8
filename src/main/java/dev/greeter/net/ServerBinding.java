package dev.greeter.net;

import dev.greeter.config.Config;
import dev.greeter.config.ProxyProtocol;
import dev.greeter.config.value.HostPort;
import dev.greeter.net.tls.ServerTls;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all instances of one server share: the port that they listen on, from its binding to its orderly end, and the limit of
 * their connections. Thread-safe.
 *
 * <p>Vert.x closes a port after its last instance, but takes an instance's handler away before: a connection that is accepted
 * in between is closed unanswered. So an instance that stops {@linkplain #close closes} the port first.
 */
public class ServerBinding {
    /** What happens to a new connection. */
    public enum Admission {
        ADMITTED,
        /** Over the server's limit, and refused by an error; it does not count among those that are served. */
        REFUSED,
        /** The same, over the limit of its client. */
        PEER_REFUSED,
        /** So far over the limit that it is closed without an error, because errors for all would use up the process too. */
        IGNORED
    }

    /** For the PROXY protocol header of a connection that was accepted before the port was closed. */
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);

    private final String host;
    private final Optional<InetAddress> hostAddress;
    private final int port;
    private final int freePortId;
    private final @Nullable ServerTls tls;
    private final ConnectionLimit admitted;
    private final ConnectionLimit refused;
    private final PeerLimit peers = new PeerLimit(System::nanoTime);
    private volatile ProxyHeaders headers = ProxyHeaders.NONE;
    private volatile @Nullable SocketAddress address;
    private volatile int boundPort;
    /** Vert.x gives it to its connections only; null before the first. */
    private volatile @Nullable Channel listening;

    private @Nullable Future<Void> closed;

    /**
     * @param port 0 for a free one
     * @param freePortId positive; distinguishes the free port from those of other servers of the same Vert.x
     * @param maxConnections over all instances
     * @param maxRefused how many over the limit get an error at a time
     * @param tls null for clear text
     */
    public ServerBinding(
            String host, int port, int freePortId, int maxConnections, int maxRefused, @Nullable ServerTls tls) {
        this.host = host;
        this.hostAddress = HostPort.address(host);
        this.port = port;
        this.freePortId = freePortId;
        this.tls = tls;
        this.admitted = new ConnectionLimit(maxConnections);
        this.refused = new ConnectionLimit(maxRefused);
    }

    /**
     * Expects a header of the PROXY protocol at the beginning of each connection from these proxies. Has no effect without a
     * {@link LimitedTransport} of this binding, or on connections that were accepted before.
     *
     * @param timeout from the accept to the end of the header, for a connection that is accepted now
     */
    protected final void expectHeaders(ProxyProtocol proxies, Supplier<Duration> timeout) {
        expectHeaders(proxies, timeout, LAST_CHANCE);
    }

    final void expectHeaders(ProxyProtocol proxies, Supplier<Duration> timeout, Duration lastChance) {
        headers = new ProxyHeaders(proxies.from(), timeout, lastChance);
    }

    /** Puts a handler into a new connection, if it is this server's and one that begins with a header. */
    final void accepted(Channel connection, InetSocketAddress listensAt) {
        ProxyHeaders expected = headers;
        if (isAt(listensAt) && expected.isProxy(connection)) {
            connection.pipeline().addLast(ProxyHeader.awaiting(expected, this));
        }
    }

    /** Whether this server listens there. Servers with one port have different addresses as their hosts, and no names. */
    final boolean isAt(InetSocketAddress listensAt) {
        int localPort = listensAt.getPort();
        return (localPort == port || localPort == boundPort)
                && hostAddress
                        .filter(address -> !address.isAnyLocalAddress())
                        .map(address -> address.equals(listensAt.getAddress()))
                        .orElse(true);
    }

    /**
     * Returns the address that each instance has to listen on.
     *
     * @throws UnknownHostException if the host has a zone that this machine has no interface of
     */
    public final SocketAddress address() throws UnknownHostException {
        SocketAddress listenOn = SocketAddresses.listening(host, port, freePortId);
        address = listenOn;
        return listenOn;
    }

    /** An instance listens, on this port. */
    public final synchronized void bound(int actualPort) {
        boundPort = actualPort;
        if (closed != null && closed.isComplete()) {
            closed = null;
        }
    }

    /** The port that it is bound to, once an instance listens. */
    public final int port() {
        return boundPort;
    }

    /** Returns whether this port has TLS. */
    public final boolean hasTls() {
        return tls != null;
    }

    /**
     * Has to be called with every new connection, before it reads. It counts until it is {@linkplain #release released}, and
     * speaks TLS if the port does.
     */
    public final Admission admit(ClientChannel connection) {
        ProxyHeader.Accepted proxied = ProxyHeader.taken(connection.channel());
        Admission admission = takePlace(connection, proxied);
        if (tls != null && admission != Admission.IGNORED) {
            InetSocketAddress client = proxied == null ? null : proxied.client();
            connection.secure(
                    tls,
                    () -> SocketAddresses.text(
                            client == null ? connection.channel().remoteAddress() : client));
        }
        return admission;
    }

    private Admission takePlace(ClientChannel connection, ProxyHeader.@Nullable Accepted proxied) {
        Channel parent = connection.channel().parent();
        if (listening != parent) {
            listening = parent;
        }
        if (proxied != null) {
            proxied.name(connection.channel());
        }
        Admission admission = proxied == null ? takePlace() : proxied.admission();
        if (admission != Admission.ADMITTED) {
            return admission;
        }
        Runnable peer = peers.take(proxied == null ? connection.channel().remoteAddress() : proxied.client());
        if (peer == null) {
            admitted.release();
            // one client over its limit must not take the error from clients that are over no limit of their own
            return refused.takeOfHalf() ? Admission.PEER_REFUSED : Admission.IGNORED;
        }
        connection.onClose(peer);
        return Admission.ADMITTED;
    }

    /** Takes a place for a new connection, which counts until it is {@linkplain #release released}. */
    final Admission takePlace() {
        if (admitted.take()) {
            return Admission.ADMITTED;
        }
        return refused.take() ? Admission.REFUSED : Admission.IGNORED;
    }

    /** A connection that was admitted like this is closed. */
    public final void release(Admission admission) {
        switch (admission) {
            case ADMITTED -> admitted.release();
            case REFUSED, PEER_REFUSED -> refused.release();
            case IGNORED -> {}
        }
    }

    /** Whether a new connection would be over the limit. */
    public final boolean isFull() {
        return admitted.isReached();
    }

    /** Changes the limit for connections that are accepted from now on. */
    public final void limit(int maxConnections) {
        admitted.change(maxConnections);
    }

    /** Changes the limits of each client for connections that are accepted from now on; there are none before the first call. */
    public final void limitPeers(Config.Peers changed) {
        peers.change(changed);
    }

    /**
     * Stops listening, for all instances. Each of them calls this before it shuts its server down.
     *
     * @param context the instance's
     * @return completes on that context, when every connection that was accepted has reached its instance, except those
     *     whose PROXY protocol header does not come within half a second
     */
    public final Future<Void> close(Context context) {
        Promise<Void> arrived = Promise.promise();
        // a connection is handed to its loop before the port is closed, so a turn that is asked for after that comes
        // later
        stopListening((ContextInternal) context)
                .onComplete(stopped ->
                        context.runOnContext(turn -> headers.drain(((ContextInternal) context).nettyEventLoop())
                                .onComplete(none -> arrived.handle(stopped))));
        return arrived.future();
    }

    private synchronized Future<Void> stopListening(ContextInternal instance) {
        if (closed == null) {
            Channel used = listening;
            closed = used != null && used.isOpen() ? ListenerEnd.of(used) : ListenerEnd.ofUnused(instance, address);
        }
        return closed;
    }
}
