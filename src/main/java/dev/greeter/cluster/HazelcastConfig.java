package dev.greeter.cluster;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import java.net.Inet6Address;
import java.net.InetAddress;

/** The configuration of Hazelcast: all in code, so that no file and no system property adds to it. */
final class HazelcastConfig {
    private HazelcastConfig() {}

    static Config of(dev.greeter.config.Config.Cluster cluster, InetAddress address) {
        Config config = new Config();
        config.setClusterName(cluster.name());
        properties(config, address);
        network(config.getAdvancedNetworkConfig(), cluster);
        maps(config);
        return config;
    }

    private static void properties(Config config, InetAddress address) {
        config.setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.phone.home.enabled", "false")
                // the cluster manager shuts it down, in its turn
                .setProperty("hazelcast.shutdownhook.enabled", "false")
                .setProperty("hazelcast.local.localAddress", address.getHostAddress())
                .setProperty("hazelcast.socket.bind.any", "false")
                .setProperty("hazelcast.prefer.ipv4.stack", Boolean.toString(!(address instanceof Inet6Address)))
                // a member that stands still is missed after 10 s instead of 60, and no call waits longer
                .setProperty("hazelcast.heartbeat.interval.seconds", "2")
                .setProperty("hazelcast.max.no.heartbeat.seconds", "10")
                .setProperty("hazelcast.operation.call.timeout.millis", "10000")
                .setProperty("hazelcast.operation.backup.timeout.millis", "1000")
                // clusters that were split look for each other every 10 s instead of after 5 min
                .setProperty("hazelcast.merge.first.run.delay.seconds", "10")
                .setProperty("hazelcast.merge.next.run.delay.seconds", "10")
                // no limit: a member that gave up joining the others again after a split would stay without a cluster
                // until
                // its end
                .setProperty("hazelcast.max.join.seconds", Integer.toString(Integer.MAX_VALUE))
                // it would let a stop hang for minutes
                .setProperty("hazelcast.graceful.shutdown.max.wait", "5");
    }

    /**
     * Sets an endpoint for members and none for clients. Where one endpoint serves both, Hazelcast's output thread spins as
     * long as a peer accepts a connection and sends nothing, and writes no more to other members (hazelcast/hazelcast#26473):
     * one node that stands still would split the others.
     */
    private static void network(AdvancedNetworkConfig network, dev.greeter.config.Config.Cluster cluster) {
        network.setEnabled(true)
                .setMemberEndpointConfig(
                        new ServerSocketEndpointConfig().setPort(cluster.port()).setPortAutoIncrement(false));
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        if (cluster.dns().isEmpty()) {
            join.getTcpIpConfig().setEnabled(true).setMembers(cluster.members());
        } else {
            join.getKubernetesConfig()
                    .setEnabled(true)
                    .setProperty("service-dns", cluster.dns())
                    .setProperty("service-port", Integer.toString(cluster.port()));
        }
    }

    /**
     * Sets the maps as the cluster manager's own file does. The contents of a map after a split do not matter, because the
     * ledgers mend them.
     */
    private static void maps(Config config) {
        config.addMultiMapConfig(new MultiMapConfig("__vertx.subs")
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.getMapConfig("default").setBackupCount(1);
    }
}
