package dev.greeter.probe.load;

import dev.greeter.client.connect.ConnectLimit;
import dev.greeter.client.connect.Resolver;
import dev.greeter.client.connect.TlsConnector;
import dev.greeter.probe.measure.Target;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Resolves, connects and secures in three steps, so that a failure or a delay is reported for its step. */
public final class Connector {
    /** Past every limit of a caller, who closes the socket then. */
    private static final Duration NEVER = Duration.ofDays(1);

    /** Past a caller's limit, so that its report names the step. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final VertxInternal vertx;
    private final NetClient client;
    private final Resolver resolver;
    private final @Nullable TlsConnector tls;
    private final Duration timeout;

    /** @param tls for targets over TLS; null where there are none */
    public Connector(Vertx vertx, Duration timeout, @Nullable TlsConnector tls) {
        this.vertx = (VertxInternal) vertx;
        this.timeout = timeout;
        this.resolver = new Resolver(vertx);
        this.tls = tls;
        this.client = vertx.createNetClient(new NetClientOptions()
                .setTcpNoDelay(true)
                .setConnectTimeout(ConnectLimit.millis(timeout.plus(MARGIN))));
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
                .setRemoteAddress(SocketAddress.inetSocketAddress(new InetSocketAddress(address, target.port()))));
    }

    /**
     * Upgrades a plain connection to TLS.
     *
     * @return when the first of the server's certificates ends
     */
    Future<Instant> secure(NetSocket socket, Target target) {
        return Objects.requireNonNull(tls).secure(socket, target.host(), NEVER);
    }

    public Future<Void> close() {
        resolver.close();
        return client.close();
    }

    private static boolean isLiteral(String host) {
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }
}
