package dev.greeter.probe.load;

import dev.greeter.client.connect.Resolver;
import dev.greeter.probe.measure.Target;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Resolves, connects and secures in three steps, so that a failure or a delay is reported for its step. */
public final class Connector {
    /** Past every limit of a caller, who closes the socket then. */
    private static final Duration NEVER = Duration.ofDays(1);

    /** Linux gives up a connect after 67 s or more, by an exception of the type of a refusal. */
    private static final Duration MAX_CONNECT = Duration.ofSeconds(60);

    private final VertxInternal vertx;
    private final NetClient client;
    private final Resolver resolver;
    private final @Nullable ClientSSLOptions tls;
    private final Duration timeout;

    /** @param tls for targets over TLS; null where there are none */
    public Connector(Vertx vertx, Duration timeout, @Nullable ClientSSLOptions tls) {
        this.vertx = (VertxInternal) vertx;
        this.timeout = timeout;
        this.resolver = new Resolver(vertx);
        this.tls = tls == null ? null : tls.setSslHandshakeTimeout(NEVER.toSeconds());
        this.client = vertx.createNetClient(new NetClientOptions()
                .setTcpNoDelay(true)
                // past the caller's own limit, whose report names the step
                .setConnectTimeout(Math.toIntExact(Math.min(timeout.toMillis() + 1_000, MAX_CONNECT.toMillis()))));
    }

    /** Resolves again for every connection, so that a name that moves is followed within its records' time to live. */
    Future<InetAddress> resolve(Target target) {
        ContextInternal context = vertx.getOrCreateContext();
        if (!isLiteral(target.host())) {
            return resolver.resolve(target.host(), timeout);
        }
        try {
            // looks nothing up, but reads the zone of an address that has one
            return context.succeededFuture(InetAddress.getByName(target.host()));
        } catch (UnknownHostException noZone) {
            return context.failedFuture(noZone);
        }
    }

    /** Connects in plain. */
    Future<NetSocket> connect(Target target, InetAddress address) {
        return client.connect(new ConnectOptions()
                .setRemoteAddress(
                        SocketAddress.inetSocketAddress(new InetSocketAddress(named(target, address), target.port()))));
    }

    /** The certificate is checked against the name that the address has here, which may be another one in the hosts file. */
    private static InetAddress named(Target target, InetAddress address) {
        String name = serverName(target.host());
        if (name == null) {
            return address;
        }
        try {
            return InetAddress.getByAddress(name, address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has as many octets as it had", e);
        }
    }

    /** Upgrades a plain connection to TLS. */
    Future<Void> secure(NetSocket socket, Target target) {
        return socket.upgradeToSsl(Objects.requireNonNull(tls), serverName(target.host()));
    }

    public Future<Void> close() {
        return Future.join(client.close(), resolver.close()).mapEmpty();
    }

    /** The server's name as RFC 6066, section 3, lets a client send it: no address, and no dot at the end. */
    private static @Nullable String serverName(String host) {
        if (isLiteral(host)) {
            return null;
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static boolean isLiteral(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }
}
