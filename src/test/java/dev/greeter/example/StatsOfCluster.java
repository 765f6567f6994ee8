package dev.greeter.example;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Vert.x program of its own that joins the cluster and asks it for its stats over the event bus. It needs
 * {@code io.vertx:vertx-hazelcast} of the same version as Greeter, and nothing of Greeter.
 */
public final class StatsOfCluster implements AutoCloseable {
    private static final JsonObject QUERY = new JsonObject().put("scope", "cluster");

    /** A query may still go to a node that was killed a moment ago: after half a second the next one goes to another. */
    private static final long SOON_MILLIS = 500;

    /** For ten seconds: while the members find that one of them is gone, none may know for a moment which node answers. */
    private static final int TRIES = 20;

    private final Vertx vertx;

    private StatsOfCluster(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Prints the stats of the cluster whose {@code cluster.members} are the argument: {@code 10.0.0.1:5701,10.0.0.2:5701}. */
    public static void main(String[] args) {
        try (StatsOfCluster cluster = join(args[0])) {
            System.out.println(cluster.ask().await().encodePrettily());
        }
    }

    /** Joins a cluster; blocks until it is a member. */
    public static StatsOfCluster join(String members) {
        return join(members, new EventBusOptions());
    }

    /** Joins a cluster that uses TLS, with this program's certificate, its key, and the authority that it trusts. */
    public static StatsOfCluster join(String members, EventBusOptions bus) {
        return new StatsOfCluster(Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(bus.setHost("127.0.0.1")))
                .withClusterManager(new HazelcastClusterManager(membership(members)))
                .buildClustered()
                .await());
    }

    /** Asks one node after the other until one answers. */
    public Future<JsonObject> ask() {
        return ask(TRIES);
    }

    private Future<JsonObject> ask(int tries) {
        // a query that goes to no node fails at once
        Future<?> over = vertx.timer(SOON_MILLIS, TimeUnit.MILLISECONDS);
        return vertx.eventBus()
                .<JsonObject>request("greeter.stats", QUERY, new DeliveryOptions().setSendTimeout(SOON_MILLIS))
                .map(reply -> reply.body())
                .recover(unanswered ->
                        tries > 1 ? over.compose(next -> ask(tries - 1)) : Future.failedFuture(unanswered));
    }

    /** Leaves the cluster. */
    @Override
    public void close() {
        vertx.close().await();
    }

    private static Config membership(String members) {
        Config config = new Config();
        config.setClusterName("greeter");
        // it only asks: no part of the cluster's data is kept here
        config.setLiteMember(true);
        config.setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.local.localAddress", "127.0.0.1")
                .setProperty("hazelcast.socket.bind.any", "false");
        // as Greeter has it: see its HazelcastConfig
        config.getAdvancedNetworkConfig()
                .setEnabled(true)
                .setMemberEndpointConfig(new ServerSocketEndpointConfig().setPort(0));
        JoinConfig join = config.getAdvancedNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setMembers(List.of(members.split(",")));
        return config;
    }
}
