package dev.greeter.cluster;

import dev.greeter.config.Config;
import dev.greeter.config.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until the name that nodes find each other by has this node's own address too. Nodes that start at once are listed
 * at once, or nearly: whoever sees itself sees the others, and does not found a cluster of its own.
 */
final class DnsWait {
    private static final Logger LOG = LoggerFactory.getLogger(DnsWait.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private DnsWait() {}

    /**
     * The address that other nodes reach this one at, as soon as the name has it too. Blocks for a few seconds at most, and
     * then goes on without: others may still be found.
     *
     * @throws IOException as {@link NodeAddress#of}
     */
    static InetAddress await(Config.Cluster config) throws IOException {
        String name = config.dns();
        long until = System.nanoTime() + LIMIT.toNanos();
        boolean waiting = false;
        while (true) {
            // looked for each time, because the route to the name decides it, and the name may come late
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
