package dev.greeter.config;

import static dev.greeter.config.ConfigKey.Type.*;

import dev.greeter.config.value.Origin;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * All that an operator may set, checked: a value that exists is a value that is allowed. Each component states its key;
 * {@code conf/greeter.yaml} describes the keys. The constructors throw {@link IllegalArgumentException} for a value
 * outside the limits of its key.
 */
public record Config(
        Node node,
        Greeting greeting,
        Http http,
        Peers peers,
        Bridge bridge,
        Management management,
        ExchangeLog exchangeLog,
        Exchanges exchanges,
        Shutdown shutdown,
        Cluster cluster,
        Faults faults,
        Log log) {

    /**
     * This process among the others.
     *
     * @param name the answer to a session's {@code Who}
     * @param host the name of the machine or the pod, by its kernel; no key sets it
     */
    public record Node(
            @ConfigKey(type = NAME, byDefault = "auto") String name, String host) {
        public Node {
            Keys.check(Node.class, name);
        }
    }

    /**
     * The TCP server.
     *
     * @param instances how many verticles share the port; {@code auto} is resolved to the number of cores
     * @param maxConnections how many connections the node holds at once, over all instances
     * @param handshakeTimeout from the connect to the end of the first line
     * @param idleTimeout between two lines of a session
     * @param tls what the port speaks if it is enabled
     */
    public record Greeting(
            @ConfigKey(type = HOST, byDefault = "0.0.0.0") String host,
            @ConfigKey(type = PORT, byDefault = "1234") int port,

            @ConfigKey(type = INSTANCES, min = "1", max = "256", byDefault = "auto")
            int instances,

            @ConfigKey(type = NUMBER, min = "1", max = "1000000", byDefault = "10000", live = true)
            int maxConnections,

            @ConfigKey(type = DURATION, min = "10ms", max = "60m", byDefault = "5s", live = true)
            Duration handshakeTimeout,

            @ConfigKey(type = DURATION, min = "10ms", max = "60m", byDefault = "60s", live = true)
            Duration idleTimeout,

            Tls tls,
            ProxyProtocol proxyProtocol) {
        public Greeting {
            Keys.check(Greeting.class, host, port, instances, maxConnections, handshakeTimeout, idleTimeout);
        }
    }

    /**
     * The HTTP server of the application.
     *
     * @param instances how many verticles share the port; {@code auto} is resolved to the number of cores
     * @param maxConnections how many connections the node holds at once, over all instances
     * @param idleTimeout between two requests of a connection
     * @param requestTimeout for a whole request, and for its client to take the answer
     * @param tls what the port speaks if it is enabled
     */
    public record Http(
            @ConfigKey(type = HOST, byDefault = "0.0.0.0") String host,
            @ConfigKey(type = PORT, byDefault = "8080") int port,

            @ConfigKey(type = INSTANCES, min = "1", max = "256", byDefault = "auto")
            int instances,

            @ConfigKey(type = NUMBER, min = "1", max = "1000000", byDefault = "10000", live = true)
            int maxConnections,

            @ConfigKey(type = DURATION, min = "10ms", max = "60m", byDefault = "60s", live = true)
            Duration idleTimeout,

            @ConfigKey(type = DURATION, min = "10ms", max = "60m", byDefault = "30s", live = true)
            Duration requestTimeout,

            Tls tls,
            ProxyProtocol proxyProtocol) {
        public Http {
            Keys.check(Http.class, host, port, instances, maxConnections, idleTimeout, requestTimeout);
        }
    }

    /**
     * The limits of one client at each of the two servers; 0 is no limit.
     *
     * @param maxConnections how many it has at once
     * @param maxConnectsPerSecond how many it opens
     */
    public record Peers(
            @ConfigKey(type = NUMBER, min = "0", max = "1000000", byDefault = "0", live = true)
            int maxConnections,

            @ConfigKey(type = NUMBER, min = "0", max = "1000000", byDefault = "0", live = true)
            int maxConnectsPerSecond) {
        public Peers {
            Keys.check(Peers.class, maxConnections, maxConnectsPerSecond);
        }
    }

    /**
     * The event bus bridge of the HTTP server.
     *
     * @param maxConnections how many it holds at once, over all instances
     * @param maxMessageSize octets of a message to it
     * @param maxMessagesPerSecond of each connection
     * @param origins besides its own, those whose pages may use it, each an {@link Origin}
     * @param trustForwardedProto whether a proxy in front reports by {@code X-Forwarded-Proto} which scheme its client uses
     */
    public record Bridge(
            @ConfigKey(type = NUMBER, min = "1", max = "1000000", byDefault = "100", live = true)
            int maxConnections,

            @ConfigKey(type = SIZE, min = "1KiB", max = "1MiB", byDefault = "16KiB")
            int maxMessageSize,

            @ConfigKey(type = NUMBER, min = "1", max = "10000", byDefault = "20", live = true)
            int maxMessagesPerSecond,

            @ConfigKey(type = ORIGINS, live = true) List<String> origins,

            @ConfigKey(type = FLAG, byDefault = "false", live = true)
            boolean trustForwardedProto) {
        public Bridge {
            Keys.check(
                    Bridge.class, maxConnections, maxMessageSize, maxMessagesPerSecond, origins, trustForwardedProto);
            origins = List.copyOf(origins);
        }
    }

    /** Where health and metrics are served. */
    public record Management(
            @ConfigKey(type = HOST, byDefault = "0.0.0.0") String host,
            @ConfigKey(type = PORT, byDefault = "9090") int port,
            Tls tls) {
        public Management {
            Keys.check(Management.class, host, port);
        }
    }

    /**
     * How much is logged of the exchanges.
     *
     * @param maxPerSecond exchanges logged one by one in each second; the rest of that second is one line
     */
    public record ExchangeLog(
            @ConfigKey(type = NUMBER, min = "0", max = "1000000", byDefault = "100", live = true)
            int maxPerSecond) {
        public ExchangeLog {
            Keys.check(ExchangeLog.class, maxPerSecond);
        }
    }

    /**
     * What is shown of the newest exchanges over HTTP and the event bus, and so by the dashboard.
     *
     * @param peers how much of their clients' addresses
     */
    public record Exchanges(
            @ConfigKey(type = CHOICE, byDefault = "full", live = true)
            PeerDetail peers) {}

    /**
     * The stop.
     *
     * @param delay from not ready to the drain
     * @param grace the most that the drain may take
     */
    public record Shutdown(
            @ConfigKey(type = DURATION, min = "0s", max = "60m", byDefault = "0s")
            Duration delay,

            @ConfigKey(type = DURATION, min = "0s", max = "60m", byDefault = "20s")
            Duration grace) {
        public Shutdown {
            Keys.check(Shutdown.class, delay, grace);
        }
    }

    /**
     * How nodes find each other. At most one of {@code members} and {@code dns} is given.
     *
     * @param host the address at which members reach this node; empty picks one
     * @param port where the cluster's members listen for each other
     * @param eventBusPort where the event bus of the other nodes reaches this node's
     * @param members each {@code host:port}
     * @param dns a name whose addresses are the members; empty for none
     */
    public record Cluster(
            @ConfigKey(type = FLAG, byDefault = "false") boolean enabled,
            @ConfigKey(type = NAME, byDefault = "greeter") String name,
            @ConfigKey(type = HOST_OR_NOTHING) String host,
            @ConfigKey(type = PORT, byDefault = "5701") int port,
            @ConfigKey(type = PORT, byDefault = "5702") int eventBusPort,
            @ConfigKey(type = HOSTS_AND_PORTS) List<String> members,
            @ConfigKey(type = HOST_OR_NOTHING) String dns,
            BusTls tls) {
        public Cluster {
            Keys.check(Cluster.class, enabled, name, host, port, eventBusPort, members, dns);
            members = List.copyOf(members);
        }

        /** Mutual TLS on the event bus: paths of PEM files, all of them or, for none, all empty. */
        public record BusTls(
                @ConfigKey(type = PATH) String certificate,
                @ConfigKey(type = PATH) String key,
                @ConfigKey(type = PATH) String trust) {
            public BusTls {
                Keys.check(BusTls.class, certificate, key, trust);
            }

            public boolean enabled() {
                return !certificate.isEmpty();
            }
        }
    }

    /**
     * Faults on demand.
     *
     * @param token the secret that gives authority over faults; empty for none
     * @param names the DNS names and URIs of the clients whose certificates give it as well; empty for none
     * @param maxDuration the longest that one may last
     */
    public record Faults(
            @ConfigKey(type = SECRET) String token,
            @ConfigKey(type = CERTIFICATE_NAMES) List<String> names,

            @ConfigKey(type = DURATION, min = "10ms", max = "60m", byDefault = "10m")
            Duration maxDuration) {
        public Faults {
            Keys.check(Faults.class, token, names, maxDuration);
            names = List.copyOf(names);
        }

        public boolean isEnabled() {
            return !token.isEmpty() || !names.isEmpty();
        }

        /** Without the token, wherever it is printed. */
        @Override
        public String toString() {
            return "Faults[token=" + ValueType.MASK + ", names=" + names + ", maxDuration=" + maxDuration + "]";
        }
    }

    /** How much is logged, and in which form. */
    public record Log(
            @ConfigKey(type = CHOICE, byDefault = "info", live = true)
            Level level,

            @ConfigKey(type = CHOICE, byDefault = "auto") Format format) {
        /** {@link #AUTO} is {@link #TEXT} on a terminal and {@link #JSON} elsewhere. */
        public enum Format {
            AUTO,
            TEXT,
            JSON
        }
    }

    /** The same, with these limits, each by its key. */
    public Config with(Map<String, Integer> limits) {
        return Keys.config(path -> limits.containsKey(path) ? limits.get(path) : Keys.value(this, path));
    }

    /**
     * The effective configuration, each key with its value as an operator would write it, in the order of {@code
     * conf/greeter.yaml}.
     */
    public Map<String, String> effective() {
        Map<String, String> effective = new LinkedHashMap<>();
        Keys.ALL.forEach(key -> effective.put(key.name(), key.shown(this)));
        return effective;
    }
}
