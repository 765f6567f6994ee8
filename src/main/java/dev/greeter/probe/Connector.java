package dev.greeter.probe;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
import java.time.Duration;

/** Resolves and connects, as two steps, so that what fails or hangs is told by its name. */
final class Connector {
    private final VertxInternal vertx;
    private final NetClient client;
    private final ClientSSLOptions tls;

    /** @param timeout after which the caller has given up on a connect */
    Connector(Vertx vertx, Duration timeout, Trust trust) {
        this.vertx = (VertxInternal) vertx;
        this.tls = trust.options();
        this.client = vertx.createNetClient(new NetClientOptions()
                .setTcpNoDelay(true)
                // past the caller's own limit, which is told better
                .setConnectTimeout(Math.toIntExact(timeout.toMillis()) + 1_000));
    }

    /** Asks anew for every connection, so that a name that moves is followed as its records' time to live says. */
    Future<InetAddress> resolve(Endpoint endpoint) {
        ContextInternal context = vertx.getOrCreateContext();
        if (NetUtil.isValidIpV4Address(endpoint.host()) || NetUtil.isValidIpV6Address(endpoint.host())) {
            return context.succeededFuture(NetUtil.createInetAddressFromIpAddressString(endpoint.host()));
        }
        Promise<InetSocketAddress> promise = context.promise();
        vertx.nameResolver()
                .resolve(context.nettyEventLoop(), endpoint.host())
                .addListener((io.netty.util.concurrent.Future<InetSocketAddress> resolved) -> {
                    if (resolved.isSuccess()) {
                        promise.complete(resolved.getNow());
                    } else {
                        promise.fail(resolved.cause());
                    }
                });
        return promise.future().map(InetSocketAddress::getAddress);
    }

    Future<NetSocket> connect(Endpoint endpoint, InetAddress address) {
        ConnectOptions options = new ConnectOptions()
                .setRemoteAddress(SocketAddress.inetSocketAddress(endpoint.port(), address.getHostAddress()));
        if (endpoint.tls()) {
            options.setSsl(true)
                    .setHost(endpoint.host())
                    .setPort(endpoint.port())
                    .setSniServerName(endpoint.host())
                    .setSslOptions(tls);
        }
        return client.connect(options);
    }
}
