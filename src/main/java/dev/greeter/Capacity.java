package dev.greeter;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.greeter.config.Config;
import dev.greeter.net.AcceptLimit;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * The number of connections for which the process has memory and file descriptors. It lowers the limits of the
 * configuration to that, so that the process survives any load within them: the higher limit first, because a low one was
 * set on purpose.
 *
 * @param memoryOctets the size of the heap
 * @param descriptors the number of descriptors that connections can have
 */
record Capacity(long memoryOctets, long descriptors) {
    /** The most heap that a connection of each server takes, with half of a request or with unread answers. */
    private static final long GREETING_OCTETS = 8 << 10;

    private static final long HTTP_OCTETS = 24 << 10;

    /** The part of the heap for connections. The service itself and the garbage collector need the rest. */
    private static final double MEMORY_PART = 0.5;

    /** Descriptors that the service opens itself: listening sockets, selectors, files, the cluster's connections. */
    private static final int OWN_DESCRIPTORS = 96;

    /** A part of the descriptors is for probes and scrapes, and another for clients that are refused in order. */
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

    /** Logs which limits are lowered, and why; nothing if none is. */
    void log(Config config, Logger log) {
        Limits limits = Limits.of(config);
        Limits fitting = Limits.of(fit(config));
        if (!fitting.equals(limits)) {
            boolean memory = limits.within(clients(), 1, 1).total() > fitting.total();
            // an operator sizes the heap, but the limit of descriptors is often a default that nobody has looked at
            log.atLevel(memory ? Level.INFO : Level.WARN)
                    .addKeyValue("cause", memory ? "memory" : "file descriptors")
                    .addKeyValue("has", memory ? (memoryOctets >> 20) + "MiB" : descriptors + OWN_DESCRIPTORS)
                    .addKeyValue("greeting.maxConnections", fitting.greeting())
                    .addKeyValue("http.maxConnections", fitting.http())
                    .log("connection limits lowered to what the process has");
        }
    }

    /** The connection limits of both servers. */
    private record Limits(int greeting, int http) {
        static Limits of(Config config) {
            return new Limits(config.greeting().maxConnections(), config.http().maxConnections());
        }

        long total() {
            return (long) greeting + http;
        }

        /** Lowers the limits, the higher one first, until all these connections take no more than there is. */
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

    /** For the connections that all servers accept. */
    AcceptLimit acceptLimit() {
        return new AcceptLimit((int) Math.min(Integer.MAX_VALUE, descriptors), (int) management());
    }

    /** Few enough that there is always a descriptor for a connection that replaces another one. */
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
