package dev.greeter;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.greeter.config.Config;
import dev.greeter.config.Tls;
import dev.greeter.net.AcceptLimit;
import dev.greeter.net.MemoryGuard;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The number of connections for which the process has memory and file descriptors. It lowers the limits of the
 * configuration to that, so that the process survives any load within them: the higher limit first, because a low one was
 * set on purpose.
 *
 * @param memory the most heap and direct memory that the JVM takes
 * @param descriptors the number of descriptors that connections can have
 */
record Capacity(Memory memory, long descriptors) {
    /**
     * The part of the memory for connections. The service itself and the garbage collector need the rest of the heap, and
     * responses that wait for their clients the rest of the direct memory. Without {@code -XX:MaxDirectMemorySize} the JVM gives
     * buffers as much as the heap has, and the heap decides. The image gives them three eighths of it ({@code java.options}),
     * because a pod's memory has to hold both and the JVM's own; there they decide, over TLS first.
     */
    private static final double MEMORY_PART = 0.5;

    /** The part of that for what the bridge's clients may have sent of their messages. */
    private static final double BRIDGE_PART = 0.25;

    /** Descriptors that the service opens itself: listening sockets, selectors, files, the cluster's connections. */
    private static final int OWN_DESCRIPTORS = 96;

    /** A part of the descriptors is for probes and scrapes, and another for clients that are refused in order. */
    private static final int MANAGEMENT_PART = 8;

    private static final int MAX_MANAGEMENT = 128;
    private static final int REFUSAL_PART = 8;
    private static final int MAX_REFUSALS = 1_064;

    /**
     * Octets on the heap, and octets of direct memory in buffers.
     *
     * @param direct as Netty's allocator takes them: by classes of size, and a part of each chunk more
     */
    record Memory(long heap, long direct) {
        private static final Memory GREETING = new Memory(8 << 10, 1 << 10);

        /** A part of a request behind one that is not answered, or the read that has half of a head. */
        private static final Memory HTTP = new Memory(24 << 10, 19 << 10);

        /** A session's keys or the messages of a handshake, and one unfinished record. */
        private static final Memory TLS = new Memory(8 << 10, 17 << 10);

        /** Half of a PROXY protocol header with many values. No request is read before it is whole. */
        private static final long PROXY_HEADER = 8 << 10;

        /** The most that a connection to the greeting port takes, with half of a request or with unread answers. */
        static Memory ofGreeting(Config config) {
            boolean hasProxies = !config.greeting().proxyProtocol().from().isEmpty();
            return new Memory(GREETING.heap, hasProxies ? PROXY_HEADER : GREETING.direct)
                    .with(config.greeting().tls());
        }

        /** The most that a connection to the HTTP port takes, but for the bridge's messages. */
        static Memory ofHttp(Config config) {
            return HTTP.with(config.http().tls());
        }

        /** The most that a connection to the management port takes. */
        static Memory ofManagement(Config config) {
            return HTTP.with(config.management().tls());
        }

        /** The most that a client of the bridge makes it keep of a message: its fragments, and a frame that is not whole. */
        static Memory ofMessage(Config config) {
            return new Memory(0, config.bridge().maxMessageSize() * 3L / 2);
        }

        private Memory with(Tls tls) {
            return tls.enabled() ? new Memory(heap + TLS.heap, direct + TLS.direct) : this;
        }
    }

    static Capacity ofProcess() {
        long descriptors = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount() - OWN_DESCRIPTORS
                : Integer.MAX_VALUE;
        Memory memory = new Memory(Runtime.getRuntime().maxMemory(), MemoryGuard.maxDirectOctets());
        return new Capacity(memory, Math.max(MANAGEMENT_PART, descriptors));
    }

    /** The same configuration, with connection limits that fit. */
    Config fit(Config config) {
        Limits limits = Limits.of(config);
        Limits fitting = withinDescriptors(withinDirect(withinHeap(limits, config), config));
        return fitting.equals(limits) ? config : config.with(fitting.byKey());
    }

    private Limits withinHeap(Limits limits, Config config) {
        return limits.within(memory, Memory::heap, managementConnections(), config);
    }

    private Limits withinDirect(Limits limits, Config config) {
        return limits.within(memory, Memory::direct, managementConnections(), config);
    }

    private Limits withinDescriptors(Limits limits) {
        return limits.within(clients(), 1, 1);
    }

    /** Logs which limits are lowered, and why; nothing if none is. */
    void log(Config config, Logger log) {
        Limits limits = Limits.of(config);
        Limits fitting = Limits.of(fit(config));
        if (fitting.equals(limits)) {
            return;
        }
        if (withinDescriptors(limits).total() == fitting.total()) {
            // an operator sizes the heap, but the limit of descriptors is often a default that nobody has looked at
            log(log.atWarn(), "file descriptors", Long.toString(descriptors + OWN_DESCRIPTORS), fitting);
        } else if (withinHeap(limits, config).total() == fitting.total()) {
            log(log.atInfo(), "memory", mebibytes(memory.heap()), fitting);
        } else {
            log(log.atInfo(), "direct memory", mebibytes(memory.direct()), fitting);
        }
    }

    private static void log(LoggingEventBuilder log, String cause, String has, Limits fitting) {
        LoggingEventBuilder line = log.addKeyValue("cause", cause).addKeyValue("has", has);
        for (Map.Entry<String, Integer> limit : fitting.byKey().entrySet()) {
            line = line.addKeyValue(limit.getKey(), limit.getValue());
        }
        line.log("connection limits lowered to what the process has");
    }

    private static String mebibytes(long octets) {
        return (octets >> 20) + "MiB";
    }

    /**
     * The connection limits of both servers.
     *
     * @param bridge of the HTTP server's connections, those to the bridge
     */
    private record Limits(int greeting, int http, int bridge) {
        static Limits of(Config config) {
            return new Limits(
                    config.greeting().maxConnections(),
                    config.http().maxConnections(),
                    config.bridge().maxConnections());
        }

        Map<String, Integer> byKey() {
            Map<String, Integer> limits = new LinkedHashMap<>();
            limits.put("greeting.maxConnections", greeting);
            limits.put("http.maxConnections", http);
            limits.put("bridge.maxConnections", bridge);
            return limits;
        }

        long total() {
            return (long) greeting + http + bridge;
        }

        /** Lowers the limits to the part of the memory that is for connections, beside those of the management port. */
        Limits within(Memory all, ToLongFunction<Memory> kind, int management, Config config) {
            double there = kind.applyAsLong(all) * MEMORY_PART
                    - (double) management * kind.applyAsLong(Memory.ofManagement(config));
            long ofMessage = kind.applyAsLong(Memory.ofMessage(config));
            int fewer =
                    bridge * ofMessage <= there * BRIDGE_PART ? bridge : atLeastOne(there * BRIDGE_PART / ofMessage);
            return new Limits(greeting, http, fewer)
                    .within(
                            there - fewer * ofMessage,
                            kind.applyAsLong(Memory.ofGreeting(config)),
                            kind.applyAsLong(Memory.ofHttp(config)));
        }

        /** Lowers the limits, the higher one first, until all these connections take no more than there is. */
        Limits within(double there, long ofGreeting, long ofHttp) {
            if ((double) (greeting * ofGreeting + http * ofHttp) <= there) {
                return this;
            }
            double even = there / (ofGreeting + ofHttp);
            if (greeting <= even) {
                return new Limits(greeting, atLeastOne((there - greeting * ofGreeting) / ofHttp), bridge);
            }
            return http <= even
                    ? new Limits(atLeastOne((there - http * ofHttp) / ofGreeting), http, bridge)
                    : new Limits(atLeastOne(even), atLeastOne(even), bridge);
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

    /** Descriptors for the connections of both servers. */
    private double clients() {
        return descriptors - management() - Math.min(MAX_REFUSALS, (double) descriptors / REFUSAL_PART);
    }
}
