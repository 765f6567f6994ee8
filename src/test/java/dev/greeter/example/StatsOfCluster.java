package dev.greeter.example;

import com.hazelcast.config.Config;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;

/**
 * A Vert.x program of its own that joins the cluster and asks it for its stats over the event bus. It needs
 * {@code io.vertx:vertx-hazelcast} of the same version as Greeter, and nothing of Greeter.
 */
public final class StatsOfCluster {
    private static final JsonObject QUERY = new JsonObject().put("scope", "cluster");

    /** A node that was killed a moment ago may still be asked: then another is, after half a second. */
    private static final DeliveryOptions SOON = new DeliveryOptions().setSendTimeout(500);

    private static final int TRIES = 3;

    private StatsOfCluster() {}

    /** Prints what a cluster counted, whose cluster.members are the argument: {@code 10.0.0.1:5701,10.0.0.2:5701}. */
    public static void main(String[] args) {
        System.out.println(ask(args[0]).encodePrettily());
    }

    /** Joins, asks and leaves. */
    public static JsonObject ask(String members) {
        return ask(members, new EventBusOptions());
    }

    /** The same, where the cluster uses TLS: with this program's certificate, its key, and whom it trusts. */
    public static JsonObject ask(String members, EventBusOptions bus) {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setEventBusOptions(bus.setHost("127.0.0.1")))
                .withClusterManager(new HazelcastClusterManager(membership(members)))
                .buildClustered()
                .await();
        try {
            return ask(vertx, TRIES).await();
        } finally {
            vertx.close().await();
        }
    }

    private static Future<JsonObject> ask(Vertx vertx, int tries) {
        return vertx.eventBus()
                .<JsonObject>request("greeter.stats", QUERY, SOON)
                .map(reply -> reply.body())
                .recover(unanswered -> tries > 1 ? ask(vertx, tries - 1) : Future.failedFuture(unanswered));
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
        config.getNetworkConfig().setPort(0);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).setMembers(List.of(members.split(",")));
        return config;
    }
}
