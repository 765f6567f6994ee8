package dev.greeter.cluster;

import com.hazelcast.core.HazelcastInstance;
import dev.greeter.config.Config;
import dev.greeter.config.HostPort;
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
 * The way into a cluster. Nothing of it, nor of the cluster manager, is loaded by a process that does not take it.
 * Thread-safe.
 */
public final class Cluster {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    /** A connection to a node that answers no ping for this long, twice, is closed. */
    private static final Duration PING = Duration.ofSeconds(5);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** Others take part in at most a few seconds, if they do. */
    private static final Duration JOIN_TIMEOUT = Duration.ofMinutes(1);

    private final Config.Cluster config;
    private volatile @Nullable HazelcastInstance member;

    public Cluster(Config.Cluster config) {
        this.config = config;
    }

    /**
     * Joins the nodes that are there, or waits for some seconds and is the first. Once only.
     *
     * @param builder all but its options and its cluster manager is set
     * @return is left when it is closed; fails within about a minute, with one line that says why, if there is no way to
     *     join; completes on some other thread
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
     * Whether this is a node of a cluster, if only of itself. It is from its joining on, through splits and whatever becomes
     * of the others, unless the cluster manager gives up: then there is no way back but a new start.
     */
    public boolean isMember() {
        HazelcastInstance joined = member;
        return joined != null && joined.getLifecycleService().isRunning();
    }

    private void join(VertxBuilder builder, VertxOptions options, Promise<Vertx> joined) {
        try {
            InetAddress address = config.dns().isEmpty() ? NodeAddress.of(config) : DnsWait.await(config);
            refuseTaken(address, config.port(), "cluster.port");
            refuseTaken(address, config.eventBusPort(), "cluster.eventBusPort");
            // asked for before there is a configuration to ask
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
                    .onSuccess(vertx -> member = manager.getHazelcastInstance())
                    .onComplete(joined);
        } catch (IOException | RuntimeException e) {
            joined.tryFail(e);
        }
    }

    /** The cluster manager would tell it in a hundred lines. */
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
        Config.Cluster.Tls tls = config.tls();
        if (tls.enabled()) {
            BusTls.set(bus, tls);
        }
        return bus;
    }
}
