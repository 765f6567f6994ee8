package dev.greeter.cluster;

import dev.greeter.config.Config;
import dev.greeter.config.value.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until {@code cluster.dns} resolves to this node's own address too. A name server lists nodes that start together
 * at about the same time, so a node that finds itself finds the others too, and founds no second cluster.
 */
final class DnsWait {
    private static final Logger LOG = LoggerFactory.getLogger(DnsWait.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private DnsWait() {}

    /**
     * Returns the address at which other nodes reach this one, as soon as the name resolves to it too, but after a few
     * seconds at most: the node may still find others. Blocks.
     *
     * @throws IOException as {@link NodeAddress#of} does
     */
    static InetAddress await(Config.Cluster config) throws IOException {
        String name = config.dns();
        long until = System.nanoTime() + LIMIT.toNanos();
        boolean waiting = false;
        while (true) {
            // each time anew, because it depends on the route to the name, and the name may come late
            InetAddress own = NodeAddress.of(config);
            if (resolvesTo(name, own)) {
                return own;
            }
            if (!waiting) {
                waiting = true;
                LOG.info("waiting until cluster.dns {} names this node's {}", name, HostPort.text(own));
            }
            if (System.nanoTime() > until) {
                LOG.warn(
                        "cluster.dns {} does not name this node's {}: is it to be published before it is ready?",
                        name,
                        HostPort.text(own));
                return own;
            }
            try {
                Thread.sleep(INTERVAL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return own;
            }
        }
    }

    private static boolean resolvesTo(String name, InetAddress own) {
        try {
            return Arrays.asList(InetAddress.getAllByName(name)).contains(own);
        } catch (UnknownHostException notYet) {
            return false;
        }
    }
}
