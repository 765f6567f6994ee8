package dev.greeter.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.event.Level;

/**
 * All that an operator may set, checked: a value that exists is a value that is allowed. {@code conf/greeter.yaml} says
 * what each key means. The constructors throw {@link IllegalArgumentException} for a value outside what its key allows.
 */
public record Config(
        Node node,
        Greeting greeting,
        Http http,
        Bridge bridge,
        Management management,
        ExchangeLog exchangeLog,
        Shutdown shutdown,
        Cluster cluster,
        Faults faults,
        Log log) {

    /**
     * This process among the others.
     *
     * @param name what a session's {@code Who} is answered with
     * @param host what the machine or the pod calls itself; no key sets it
     */
    public record Node(String name, String host) {
        public Node {
            Keys.NODE_NAME.check(name);
        }
    }

    /**
     * The TCP server.
     *
     * @param instances how many verticles share the port; {@code auto} is resolved to the number of cores
     * @param maxConnections how many connections the node holds at once, over all instances
     * @param handshakeTimeout from the connect to the end of the first line
     * @param idleTimeout between two lines of a session
     */
    public record Greeting(
            String host, int port, int instances, int maxConnections, Duration handshakeTimeout, Duration idleTimeout) {
        public Greeting {
            Keys.GREETING_HOST.check(host);
            Keys.GREETING_PORT.check(port);
            Keys.GREETING_INSTANCES.check(instances);
            Keys.GREETING_MAX_CONNECTIONS.check(maxConnections);
            Keys.GREETING_HANDSHAKE_TIMEOUT.check(handshakeTimeout);
            Keys.GREETING_IDLE_TIMEOUT.check(idleTimeout);
        }

        Greeting withMaxConnections(int most) {
            return new Greeting(host, port, instances, most, handshakeTimeout, idleTimeout);
        }
    }

    /**
     * The HTTP server of the application.
     *
     * @param instances how many verticles share the port; {@code auto} is resolved to the number of cores
     * @param maxConnections how many connections the node holds at once, over all instances
     * @param idleTimeout between two requests of a connection
     * @param requestTimeout for a whole request, and for its client to take the answer
     */
    public record Http(
            String host, int port, int instances, int maxConnections, Duration idleTimeout, Duration requestTimeout) {
        public Http {
            Keys.HTTP_HOST.check(host);
            Keys.HTTP_PORT.check(port);
            Keys.HTTP_INSTANCES.check(instances);
            Keys.HTTP_MAX_CONNECTIONS.check(maxConnections);
            Keys.HTTP_IDLE_TIMEOUT.check(idleTimeout);
            Keys.HTTP_REQUEST_TIMEOUT.check(requestTimeout);
        }

        Http withMaxConnections(int most) {
            return new Http(host, port, instances, most, idleTimeout, requestTimeout);
        }
    }

    /**
     * The event bus bridge of the HTTP server.
     *
     * @param maxConnections how many it holds at once, over all instances
     * @param maxMessageSize octets of a message to it
     * @param maxMessagesPerSecond of each connection
     * @param origins besides its own, those whose pages may use it, each an {@link Origin}
     * @param trustForwardedProto whether a proxy in front says by {@code X-Forwarded-Proto} what scheme its client uses
     */
    public record Bridge(
            int maxConnections,
            int maxMessageSize,
            int maxMessagesPerSecond,
            List<String> origins,
            boolean trustForwardedProto) {
        public Bridge {
            Keys.BRIDGE_MAX_CONNECTIONS.check(maxConnections);
            Keys.BRIDGE_MAX_MESSAGE_SIZE.check(maxMessageSize);
            Keys.BRIDGE_MAX_MESSAGES_PER_SECOND.check(maxMessagesPerSecond);
            Keys.BRIDGE_ORIGINS.check(origins);
            origins = List.copyOf(origins);
        }
    }

    /** Where health and metrics are served. */
    public record Management(String host, int port) {
        public Management {
            Keys.MANAGEMENT_HOST.check(host);
            Keys.MANAGEMENT_PORT.check(port);
        }
    }

    /**
     * What is logged of the exchanges.
     *
     * @param maxPerSecond exchanges logged one by one in each second; the rest of that second is one line
     */
    public record ExchangeLog(int maxPerSecond) {
        public ExchangeLog {
            Keys.EXCHANGE_LOG_MAX_PER_SECOND.check(maxPerSecond);
        }
    }

    /**
     * The stop.
     *
     * @param delay from not ready to the drain
     * @param grace the most that the drain may take
     */
    public record Shutdown(Duration delay, Duration grace) {
        public Shutdown {
            Keys.SHUTDOWN_DELAY.check(delay);
            Keys.SHUTDOWN_GRACE.check(grace);
        }
    }

    /**
     * How nodes find each other. At most one of {@code members} and {@code dns} is given.
     *
     * @param host the address that members reach this node at; empty picks one
     * @param port the members' own
     * @param eventBusPort where the other nodes' event bus reaches this node's
     * @param members each {@code host:port}
     * @param dns a name whose addresses are the members; empty for none
     */
    public record Cluster(
            boolean enabled,
            String name,
            String host,
            int port,
            int eventBusPort,
            List<String> members,
            String dns,
            Tls tls) {
        public Cluster {
            Keys.CLUSTER_NAME.check(name);
            Keys.CLUSTER_HOST.check(host);
            Keys.CLUSTER_PORT.check(port);
            Keys.CLUSTER_EVENT_BUS_PORT.check(eventBusPort);
            Keys.CLUSTER_MEMBERS.check(members);
            Keys.CLUSTER_DNS.check(dns);
            members = List.copyOf(members);
        }

        /** Mutual TLS on the event bus: paths of PEM files, all of them or, for none, all empty. */
        public record Tls(String certificate, String key, String trust) {
            public Tls {
                Keys.CLUSTER_TLS_CERTIFICATE.check(certificate);
                Keys.CLUSTER_TLS_KEY.check(key);
                Keys.CLUSTER_TLS_TRUST.check(trust);
            }

            public boolean enabled() {
                return !certificate.isEmpty();
            }
        }
    }

    /**
     * Faults on demand.
     *
     * @param token what whoever asks for one must know; empty for no faults at all
     * @param maxDuration the longest that one may last
     */
    public record Faults(String token, Duration maxDuration) {
        public Faults {
            Keys.FAULTS_TOKEN.check(token);
            Keys.FAULTS_MAX_DURATION.check(maxDuration);
        }

        public boolean isEnabled() {
            return !token.isEmpty();
        }

        /** Without the token, wherever it is printed. */
        @Override
        public String toString() {
            return "Faults[token=" + ValueType.MASK + ", maxDuration=" + maxDuration + "]";
        }
    }

    /** How much is logged, and in which form. */
    public record Log(Level level, Format format) {
        /** {@link #AUTO} is {@link #TEXT} on a terminal and {@link #JSON} elsewhere. */
        public enum Format {
            AUTO,
            TEXT,
            JSON
        }
    }

    /** The same, with these limits. */
    public Config withMaxConnections(int greetingMost, int httpMost) {
        return new Config(
                node,
                greeting.withMaxConnections(greetingMost),
                http.withMaxConnections(httpMost),
                bridge,
                management,
                exchangeLog,
                shutdown,
                cluster,
                faults,
                log);
    }

    /**
     * The effective configuration, each key with its value as one would write it, in the order of {@code
     * conf/greeter.yaml}.
     */
    public Map<String, String> effective() {
        Map<String, String> effective = new LinkedHashMap<>();
        Keys.ALL.forEach(key -> effective.put(key.name(), key.shown(this)));
        return effective;
    }
}
