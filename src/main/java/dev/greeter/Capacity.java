package dev.greeter;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.greeter.config.Config;
import dev.greeter.net.AcceptLimit;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * How many connections fit into what the process has of memory and file descriptors. Limits of the configuration that are
 * higher are lowered to that, so that any load within them is survived: the higher one first, because a small one was meant.
 *
 * @param memoryOctets of the heap
 * @param descriptors that connections can have
 */
record Capacity(long memoryOctets, long descriptors) {
    private static final Logger LOG = LoggerFactory.getLogger(Greeter.class);

    /** What a connection of each server takes of the heap at most, with half of a request or unread answers. */
    private static final long GREETING_OCTETS = 8 << 10;

    private static final long HTTP_OCTETS = 24 << 10;

    /** The part of the heap for connections: the rest is the service's own, and the garbage collector's. */
    private static final double MEMORY_PART = 0.5;

    /** What the service opens itself: listening sockets, selectors, files, the cluster's connections. */
    private static final int OWN_DESCRIPTORS = 96;

    /** Of the descriptors, those that are kept for probes and scrapes, and those for clients that are refused in order. */
    private static final int MANAGEMENT_PART = 8;

    private static final int MAX_MANAGEMENT = 320;
    private static final int REFUSAL_PART = 8;
    private static final int MAX_REFUSALS = 1_064;

    static Capacity ofProcess() {
        long descriptors = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount() - OWN_DESCRIPTORS
                : Integer.MAX_VALUE;
        return new Capacity(Runtime.getRuntime().maxMemory(), Math.max(MANAGEMENT_PART, descriptors));
    }

    /** The same configuration, with connection limits that fit. */
    Config fit(Config config) {
        Limits limits = Limits.of(config);
        Limits fitting = limits.within(memory(), GREETING_OCTETS, HTTP_OCTETS).within(clients(), 1, 1);
        return fitting.equals(limits) ? config : config.withMaxConnections(fitting.greeting(), fitting.http());
    }

    /** Says once which limits were lowered, and why. */
    void log(Config config) {
        Limits limits = Limits.of(config);
        Limits fitting = Limits.of(fit(config));
        if (!fitting.equals(limits)) {
            boolean memory = limits.within(clients(), 1, 1).total() > fitting.total();
            // the heap is sized by whoever runs the service, the descriptors by a default that nobody looked at
            LOG.atLevel(memory ? Level.INFO : Level.WARN)
                    .addKeyValue("cause", memory ? "memory" : "file descriptors")
                    .addKeyValue("has", memory ? (memoryOctets >> 20) + "MiB" : descriptors + OWN_DESCRIPTORS)
                    .addKeyValue("greeting.maxConnections", fitting.greeting())
                    .addKeyValue("http.maxConnections", fitting.http())
                    .log("connection limits lowered to what the process has");
        }
    }

    /** Of both servers. */
    private record Limits(int greeting, int http) {
        static Limits of(Config config) {
            return new Limits(config.greeting().maxConnections(), config.http().maxConnections());
        }

        long total() {
            return (long) greeting + http;
        }

        /** Lowered, the higher one first, until what all these connections take is within what there is. */
        Limits within(double there, double ofGreeting, double ofHttp) {
            if (greeting * ofGreeting + http * ofHttp <= there) {
                return this;
            }
            double even = there / (ofGreeting + ofHttp);
            if (greeting <= even) {
                return new Limits(greeting, atLeastOne((there - greeting * ofGreeting) / ofHttp));
            }
            return http <= even
                    ? new Limits(atLeastOne((there - http * ofHttp) / ofGreeting), http)
                    : new Limits(atLeastOne(even), atLeastOne(even));
        }

        private static int atLeastOne(double limit) {
            return Math.max(1, (int) limit);
        }
    }

    /** For all that is accepted. */
    AcceptLimit acceptLimit() {
        return new AcceptLimit((int) Math.min(Integer.MAX_VALUE, descriptors), (int) management());
    }

    /** Few enough that there is always a descriptor for the one that takes another's place. */
    int managementConnections() {
        return (int) Math.max(1, management() * 3 / 4);
    }

    private long management() {
        return Math.min(MAX_MANAGEMENT, descriptors / MANAGEMENT_PART);
    }

    private double memory() {
        return memoryOctets * MEMORY_PART;
    }

    /** Descriptors for the connections of both servers. */
    private double clients() {
        return descriptors - management() - Math.min(MAX_REFUSALS, (double) descriptors / REFUSAL_PART);
    }
}
