package dev.greeter.config;

import static dev.greeter.config.ValueType.duration;
import static dev.greeter.config.ValueType.flag;
import static dev.greeter.config.ValueType.host;
import static dev.greeter.config.ValueType.hostOrNothing;
import static dev.greeter.config.ValueType.hostsAndPorts;
import static dev.greeter.config.ValueType.instances;
import static dev.greeter.config.ValueType.origins;
import static dev.greeter.config.ValueType.pathOrNothing;
import static dev.greeter.config.ValueType.port;
import static dev.greeter.config.ValueType.secretOrNothing;
import static dev.greeter.config.ValueType.size;
import static dev.greeter.config.ValueType.text;
import static dev.greeter.config.ValueType.whole;

import dev.greeter.config.Config.Log.Format;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.event.Level;

/**
 * The table of all keys. What loading, the environment, the error lines, the effective configuration and a change while
 * the service runs say comes from it.
 */
final class Keys {
    private static final List<Key<?>> TABLE = new ArrayList<>();
    private static final int MAX_CONNECTIONS = 1_000_000;
    private static final int MAX_LINES_PER_SECOND = 1_000_000;
    private static final int MAX_MESSAGES_PER_SECOND = 10_000;
    private static final int MIN_MESSAGE_OCTETS = 1 << 10;
    private static final int MAX_MESSAGE_OCTETS = 1 << 20;
    private static final ValueType<String> NAME =
            text("1 to 63 printable ASCII characters without blanks", Pattern.compile("[!-~]{1,63}"));
    private static final ValueType<Integer> CONNECTIONS = whole(1, MAX_CONNECTIONS);
    private static final ValueType<Duration> TIMEOUT = duration(Duration.ofMillis(10), Duration.ofHours(1));
    private static final ValueType<Duration> STOP = duration(Duration.ZERO, Duration.ofHours(1));

    static final Key<String> NODE_NAME =
            key("node.name", NAME, ValueType.AUTO, c -> c.node().name());

    static final Key<String> GREETING_HOST =
            key("greeting.host", host(), "0.0.0.0", c -> c.greeting().host());
    static final Key<Integer> GREETING_PORT =
            key("greeting.port", port(), "1234", c -> c.greeting().port());
    static final Key<Integer> GREETING_INSTANCES = key(
            "greeting.instances", instances(), ValueType.AUTO, c -> c.greeting().instances());
    static final Key<Integer> GREETING_MAX_CONNECTIONS = live(
            "greeting.maxConnections", CONNECTIONS, "10000", c -> c.greeting().maxConnections());
    static final Key<Duration> GREETING_HANDSHAKE_TIMEOUT =
            live("greeting.handshakeTimeout", TIMEOUT, "5s", c -> c.greeting().handshakeTimeout());
    static final Key<Duration> GREETING_IDLE_TIMEOUT =
            live("greeting.idleTimeout", TIMEOUT, "60s", c -> c.greeting().idleTimeout());

    static final Key<String> HTTP_HOST =
            key("http.host", host(), "0.0.0.0", c -> c.http().host());
    static final Key<Integer> HTTP_PORT =
            key("http.port", port(), "8080", c -> c.http().port());
    static final Key<Integer> HTTP_INSTANCES =
            key("http.instances", instances(), ValueType.AUTO, c -> c.http().instances());
    static final Key<Integer> HTTP_MAX_CONNECTIONS =
            live("http.maxConnections", CONNECTIONS, "10000", c -> c.http().maxConnections());
    static final Key<Duration> HTTP_IDLE_TIMEOUT =
            live("http.idleTimeout", TIMEOUT, "60s", c -> c.http().idleTimeout());
    static final Key<Duration> HTTP_REQUEST_TIMEOUT =
            live("http.requestTimeout", TIMEOUT, "30s", c -> c.http().requestTimeout());

    static final Key<Integer> BRIDGE_MAX_CONNECTIONS =
            live("bridge.maxConnections", CONNECTIONS, "100", c -> c.bridge().maxConnections());
    static final Key<Integer> BRIDGE_MAX_MESSAGE_SIZE = key(
            "bridge.maxMessageSize",
            size(MIN_MESSAGE_OCTETS, MAX_MESSAGE_OCTETS),
            "16KiB",
            c -> c.bridge().maxMessageSize());
    static final Key<Integer> BRIDGE_MAX_MESSAGES_PER_SECOND = live(
            "bridge.maxMessagesPerSecond",
            whole(1, MAX_MESSAGES_PER_SECOND),
            "20",
            c -> c.bridge().maxMessagesPerSecond());
    static final Key<List<String>> BRIDGE_ORIGINS =
            live("bridge.origins", origins(), "", c -> c.bridge().origins());
    static final Key<Boolean> BRIDGE_TRUST_FORWARDED_PROTO =
            live("bridge.trustForwardedProto", flag(), "false", c -> c.bridge().trustForwardedProto());

    static final Key<String> MANAGEMENT_HOST =
            key("management.host", host(), "0.0.0.0", c -> c.management().host());
    static final Key<Integer> MANAGEMENT_PORT =
            key("management.port", port(), "9090", c -> c.management().port());

    static final Key<Integer> EXCHANGE_LOG_MAX_PER_SECOND = live(
            "exchangeLog.maxPerSecond",
            whole(0, MAX_LINES_PER_SECOND),
            "100",
            c -> c.exchangeLog().maxPerSecond());

    static final Key<Duration> SHUTDOWN_DELAY =
            key("shutdown.delay", STOP, "0s", c -> c.shutdown().delay());
    static final Key<Duration> SHUTDOWN_GRACE =
            key("shutdown.grace", STOP, "20s", c -> c.shutdown().grace());

    static final Key<Boolean> CLUSTER_ENABLED =
            key("cluster.enabled", flag(), "false", c -> c.cluster().enabled());
    static final Key<String> CLUSTER_NAME =
            key("cluster.name", NAME, "greeter", c -> c.cluster().name());
    static final Key<String> CLUSTER_HOST =
            key("cluster.host", hostOrNothing(), "", c -> c.cluster().host());
    static final Key<Integer> CLUSTER_PORT =
            key("cluster.port", port(), "5701", c -> c.cluster().port());
    static final Key<Integer> CLUSTER_EVENT_BUS_PORT =
            key("cluster.eventBusPort", port(), "5702", c -> c.cluster().eventBusPort());
    static final Key<List<String>> CLUSTER_MEMBERS =
            key("cluster.members", hostsAndPorts(), "", c -> c.cluster().members());
    static final Key<String> CLUSTER_DNS =
            key("cluster.dns", hostOrNothing(), "", c -> c.cluster().dns());
    static final Key<String> CLUSTER_TLS_CERTIFICATE = key(
            "cluster.tls.certificate",
            pathOrNothing(),
            "",
            c -> c.cluster().tls().certificate());
    static final Key<String> CLUSTER_TLS_KEY =
            key("cluster.tls.key", pathOrNothing(), "", c -> c.cluster().tls().key());
    static final Key<String> CLUSTER_TLS_TRUST =
            key("cluster.tls.trust", pathOrNothing(), "", c -> c.cluster().tls().trust());

    static final Key<String> FAULTS_TOKEN =
            key("faults.token", secretOrNothing(), "", c -> c.faults().token());
    static final Key<Duration> FAULTS_MAX_DURATION =
            key("faults.maxDuration", TIMEOUT, "10m", c -> c.faults().maxDuration());

    static final Key<Level> LOG_LEVEL = live(
            "log.level",
            ValueType.choice(List.of(Level.values())),
            "info",
            c -> c.log().level());
    static final Key<Format> LOG_FORMAT = key(
            "log.format",
            ValueType.choice(List.of(Format.values())),
            "auto",
            c -> c.log().format());

    /** In the order of {@code conf/greeter.yaml}. */
    static final List<Key<?>> ALL = Collections.unmodifiableList(TABLE);

    private Keys() {}

    static Optional<Key<?>> named(String name) {
        return ALL.stream().filter(key -> key.name().equals(name)).findFirst();
    }

    static boolean isSection(String name) {
        return ALL.stream().anyMatch(key -> key.name().startsWith(name + "."));
    }

    /** A key that the service takes at its start. */
    private static <T> Key<T> key(String name, ValueType<T> type, String defaultText, Function<Config, T> in) {
        return add(new Key<>(name, type, defaultText, in, false));
    }

    /** A key that can change while the service runs. */
    private static <T> Key<T> live(String name, ValueType<T> type, String defaultText, Function<Config, T> in) {
        return add(new Key<>(name, type, defaultText, in, true));
    }

    private static <T> Key<T> add(Key<T> key) {
        TABLE.add(key);
        return key;
    }
}
