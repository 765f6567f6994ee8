package dev.greeter.cluster;

import dev.greeter.config.HostPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until the name that nodes find each other by has this node's own address too. Nodes that start at once are listed
 * at once, or nearly: whoever sees itself sees the others, and does not found a cluster of its own.
 */
final class Listing {
    private static final Logger LOG = LoggerFactory.getLogger(Listing.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private Listing() {}

    /** Blocks for a few seconds at most, and then goes on without: others may still be found. */
    static void await(String name, InetAddress own) {
        // the JVM would tell the first answer for half a minute, while nodes come and go
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        long until = System.nanoTime() + LIMIT.toNanos();
        while (!isListed(name, own)) {
            if (System.nanoTime() > until) {
                LOG.warn(
                        "cluster.dns {} does not name this node's {}: is it to be published before it is ready?",
                        name,
                        HostPort.text(own));
                return;
            }
            try {
                Thread.sleep(INTERVAL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean isListed(String name, InetAddress own) {
        try {
            return Arrays.asList(InetAddress.getAllByName(name)).contains(own);
        } catch (UnknownHostException notYet) {
            return false;
        }
    }
}
