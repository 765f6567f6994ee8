package dev.greeter.client.connect;

import dev.greeter.config.value.HostPort;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a server whose name may have several addresses (RFC 8305): tries one after the other, the next one once the last
 * one failed or did not answer for a short while, and keeps the first connection. Futures complete on the caller's context. A
 * caller that no longer waits closes a connection that it still gets.
 */
public final class Dialer {
    /** From one attempt to the next (RFC 8305, section 5). */
    private static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);

    /** Timers have numbers from 0 on. */
    private static final long NO_TIMER = -1;

    private static final Pattern LOCALHOST = Pattern.compile("(?:.+\\.)?localhost\\.?", Pattern.CASE_INSENSITIVE);

    /** There is no connection. It is a result to report, so it has no stack trace. */
    public static final class NotConnectedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient NetworkFailure failure;

        NotConnectedException(NetworkFailure failure, Throwable cause) {
            super(failure.text(), cause, false, false);
            this.failure = failure;
        }

        public NetworkFailure failure() {
            return failure;
        }
    }

    private final Vertx vertx;
    private final NetClient client;

    public Dialer(Vertx vertx) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    }

    /**
     * Connects, in plain or over TLS.
     *
     * @param limit of each connect and of the handshake
     * @param tls null for a connection in plain
     * @return fails with a {@link NotConnectedException}; with several addresses it is the last one's
     */
    public Future<NetSocket> connect(HostPort server, Duration limit, @Nullable TlsConnector tls) {
        Future<NetSocket> plain = addresses(server)
                .recover(cause -> failed(NetworkFailure.Stage.RESOLVING, cause, null))
                .compose(addresses -> new Race(addresses, limit).start());
        return tls == null ? plain : plain.compose(socket -> secure(socket, server, limit, tls));
    }

    private static <T> Future<T> failed(
            NetworkFailure.Stage stage, Throwable cause, @Nullable InetSocketAddress remote) {
        return Future.failedFuture(new NotConnectedException(NetworkFailure.of(stage, cause, remote), cause));
    }

    private static Future<NetSocket> secure(NetSocket socket, HostPort server, Duration limit, TlsConnector tls) {
        // the handshake's own future fails too
        socket.exceptionHandler(broken -> {});
        return tls.secure(socket, server.host(), limit)
                .onFailure(broken -> {
                    var unused = socket.close();
                })
                .recover(cause -> failed(NetworkFailure.Stage.SECURING, cause, null))
                .map(socket);
    }

    /** Looks up all addresses of a host by the machine's own resolver: name servers, the hosts file, or others. */
    private Future<List<InetSocketAddress>> addresses(HostPort server) {
        Promise<List<InetSocketAddress>> found = Promise.promise();
        Context context = vertx.getOrCreateContext();
        // it may block for seconds, where nothing could stop it
        Thread resolver = new Thread(
                () -> {
                    try {
                        List<InetSocketAddress> addresses = alternating(server, lookUp(server.host()));
                        context.runOnContext(done -> found.complete(addresses));
                    } catch (UnknownHostException | RuntimeException e) {
                        context.runOnContext(done -> found.fail(e));
                    }
                },
                "resolver");
        resolver.setDaemon(true);
        resolver.start();
        return found.future();
    }

    private static InetAddress[] lookUp(String host) throws UnknownHostException {
        // a hosts file that knows one of the two only is common, and no name server may be asked (RFC 6761, section
        // 6.3)
        return LOCALHOST.matcher(host).matches()
                ? new InetAddress[] {InetAddress.getAllByName("::1")[0], InetAddress.getAllByName("127.0.0.1")[0]}
                : InetAddress.getAllByName(host);
    }

    /** One family after the other, from IPv6 on (RFC 8305, section 4). */
    private static List<InetSocketAddress> alternating(HostPort server, InetAddress[] addresses) {
        Deque<InetSocketAddress> ipv6 = new ArrayDeque<>();
        Deque<InetSocketAddress> ipv4 = new ArrayDeque<>();
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address ? ipv6 : ipv4).add(new InetSocketAddress(address, server.port()));
        }
        List<InetSocketAddress> alternating = new ArrayList<>();
        while (!ipv6.isEmpty() || !ipv4.isEmpty()) {
            if (!ipv6.isEmpty()) {
                alternating.add(ipv6.remove());
            }
            if (!ipv4.isEmpty()) {
                alternating.add(ipv4.remove());
            }
        }
        return alternating;
    }

    /** One connection out of several attempts. Runs on one context. */
    private final class Race {
        private final Promise<NetSocket> winner = Promise.promise();
        private final Deque<InetSocketAddress> untried;
        private final Duration limit;
        private int running;
        private long timer = NO_TIMER;

        Race(List<InetSocketAddress> addresses, Duration limit) {
            this.untried = new ArrayDeque<>(addresses);
            this.limit = limit;
        }

        Future<NetSocket> start() {
            next();
            return winner.future();
        }

        private void next() {
            vertx.cancelTimer(timer);
            InetSocketAddress address = untried.poll();
            if (address != null) {
                running++;
                timer = untried.isEmpty() ? timer : vertx.setTimer(ATTEMPT_DELAY.toMillis(), late -> next());
                client.connect(new ConnectOptions()
                                .setRemoteAddress(SocketAddress.inetSocketAddress(address))
                                .setTimeout(ConnectLimit.millis(limit)))
                        .onComplete(this::connected, cause -> failed(address, cause));
            }
        }

        private void connected(NetSocket socket) {
            vertx.cancelTimer(timer);
            untried.clear();
            if (!winner.tryComplete(socket)) {
                var unused = socket.close();
            }
        }

        private void failed(InetSocketAddress address, Throwable cause) {
            running--;
            if (!untried.isEmpty()) {
                next();
            } else if (running == 0 && !winner.future().isComplete()) {
                Dialer.<NetSocket>failed(NetworkFailure.Stage.CONNECTING, cause, address)
                        .onComplete(winner);
            }
        }
    }
}
