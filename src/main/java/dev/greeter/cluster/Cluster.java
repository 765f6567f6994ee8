package dev.greeter.cluster;

import com.hazelcast.core.HazelcastInstance;
import dev.greeter.config.Config;
import dev.greeter.config.value.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a cluster. A process that does not loads no class of the cluster manager. Thread-safe.
 */
public final class Cluster {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    /** A connection to a node that answers no ping for twice this long is closed. */
    private static final Duration PING = Duration.ofSeconds(5);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** A busy machine takes a minute for what is done in seconds elsewhere. The manifests' startup probe waits 120 s. */
    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(100);

    private final Config.Cluster config;
    private volatile @Nullable HazelcastInstance hazelcast;

    public Cluster(Config.Cluster config) {
        this.config = config;
    }

    /**
     * Joins the nodes that are there, or waits for some seconds and becomes the first. To be called once.
     *
     * @param builder without its options and its cluster manager, which this sets
     * @return completes on some other thread; closing the Vert.x leaves the cluster. Fails within two minutes if the node
     *     cannot join, with one line that says why.
     */
    public Future<Vertx> join(VertxBuilder builder, VertxOptions options) {
        return join(builder, options, JOIN_TIMEOUT);
    }

    Future<Vertx> join(VertxBuilder builder, VertxOptions options, Duration timeout) {
        Promise<Vertx> joined = Promise.promise();
        // names are looked up, which may take seconds
        Thread joining = new Thread(() -> join(builder, options, joined), "cluster-join");
        joining.setDaemon(true);
        joining.start();
        return Future.fromCompletionStage(joined.future()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS))
                .recover(cause -> {
                    joined.future().onSuccess(Vertx::close);
                    String why = cause instanceof TimeoutException
                            ? "the others did not answer within " + timeout.toSeconds() + " s"
                            : cause.getMessage();
                    return Future.failedFuture(new IllegalStateException("cannot join the cluster: " + why, cause));
                });
    }

    /**
     * Whether this is a node of a cluster, even if it is the only one. It stays one through splits and the end of other
     * nodes, unless the cluster manager gives up; then only a new start helps.
     */
    public boolean isMember() {
        HazelcastInstance member = hazelcast;
        return member != null && member.getLifecycleService().isRunning();
    }

    /**
     * Leaves without closing the Vert.x, for a node whose Vert.x does not close because an event loop is blocked.
     *
     * @return completes on some other thread
     */
    public Future<Void> leave() {
        Promise<Void> left = Promise.promise();
        HazelcastInstance member = hazelcast;
        if (member == null) {
            return Future.succeededFuture();
        }
        // blocks until the others have what this node kept for them
        Thread leaving = new Thread(
                () -> {
                    member.shutdown();
                    left.complete();
                },
                "cluster-leave");
        leaving.setDaemon(true);
        leaving.start();
        return left.future();
    }

    private void join(VertxBuilder builder, VertxOptions options, Promise<Vertx> joined) {
        try {
            InetAddress address = config.dns().isEmpty() ? NodeAddress.of(config) : DnsWait.await(config);
            refuseTaken(address, config.port(), "cluster.port");
            refuseTaken(address, config.eventBusPort(), "cluster.eventBusPort");
            // Hazelcast asks for it before it has a configuration
            System.setProperty("hazelcast.logging.type", "slf4j");
            LOG.atInfo()
                    .addKeyValue("name", config.name())
                    .addKeyValue("host", HostPort.text(address))
                    .addKeyValue("port", config.port())
                    .addKeyValue("eventBusPort", config.eventBusPort())
                    .log("joining");
            HazelcastClusterManager manager = new HazelcastClusterManager(HazelcastConfig.of(config, address));
            builder.with(options.setEventBusOptions(eventBus(address)))
                    .withClusterManager(manager)
                    .buildClustered()
                    .onSuccess(vertx -> hazelcast = manager.getHazelcastInstance())
                    .onComplete(joined);
        } catch (IOException | RuntimeException e) {
            joined.tryFail(e);
        }
    }

    /** Checks that a port is free, because the cluster manager would log a hundred lines about one that is not. */
    private static void refuseTaken(InetAddress address, int port, String key) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException taken) {
            throw new IOException("cannot listen on " + HostPort.of(new InetSocketAddress(address, port))
                    + " (cluster.host, " + key + "): " + taken.getMessage());
        }
    }

    private EventBusOptions eventBus(InetAddress address) throws IOException {
        EventBusOptions bus = new EventBusOptions()
                .setHost(address.getHostAddress())
                .setPort(config.eventBusPort())
                .setClusterPingInterval(PING.toMillis())
                .setClusterPingReplyInterval(PING.toMillis())
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        Config.Cluster.BusTls tls = config.tls();
        if (tls.enabled()) {
            BusTls.set(bus, tls);
        }
        return bus;
    }
}
