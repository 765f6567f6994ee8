package dev.greeter.config;

import static dev.greeter.testing.Configs.CLEAR;
import static dev.greeter.testing.Configs.NO_PROXY;

import dev.greeter.config.Config.Log.Format;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.event.Level;

/** The configuration without any source, and one in which every key has another value. */
final class SampleConfigs {
    static final Map<String, String> HOSTNAME = Map.of("HOSTNAME", "greeter-0");
    private static final String HOST = new Environment(HOSTNAME).host();
    private static final int INSTANCES = Math.max(Runtime.getRuntime().availableProcessors() / 2, 1);

    static final Config DEFAULTS = new Config(
            new Config.Node("greeter-0", HOST),
            new Config.Greeting(
                    "0.0.0.0", 1234, INSTANCES, 10_000, Duration.ofSeconds(5), Duration.ofSeconds(60), CLEAR, NO_PROXY),
            new Config.Http(
                    "0.0.0.0",
                    8080,
                    INSTANCES,
                    10_000,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    CLEAR,
                    NO_PROXY),
            new Config.Peers(0, 0),
            new Config.Bridge(100, 16_384, 20, List.of(), false),
            new Config.Management("0.0.0.0", 9090, CLEAR),
            new Config.ExchangeLog(100),
            new Config.Exchanges(PeerDetail.FULL),
            new Config.Shutdown(Duration.ZERO, Duration.ofSeconds(20)),
            new Config.Cluster(false, "greeter", "", 5701, 5702, List.of(), "", new Config.Cluster.BusTls("", "", "")),
            new Config.Faults("", List.of(), Duration.ofMinutes(10)),
            new Config.Log(Level.INFO, Format.AUTO));

    /** Every key with another value than its default. */
    static final Map<String, String> OTHER_TEXTS = otherTexts();

    /** The same, but for the one key of them that another excludes. As {@link #OTHER} holds them. */
    static final Map<String, String> OTHER_TOGETHER = otherTogether();

    static final Config OTHER = new Config(
            new Config.Node("node-7", HOST),
            new Config.Greeting(
                    "127.0.0.1",
                    1,
                    3,
                    4,
                    Duration.ofMillis(500),
                    Duration.ofMinutes(2),
                    new Tls("g.pem", "g.key", "g.ca", List.of("a.example", "spiffe://b/c")),
                    new ProxyProtocol(List.of("10.0.0.0/8", "fd00::/8"))),
            new Config.Http(
                    "::1",
                    5,
                    6,
                    7,
                    Duration.ofSeconds(8),
                    Duration.ofMillis(900),
                    new Tls("h.pem", "h.key", "h.ca", List.of("edge")),
                    new ProxyProtocol(List.of("192.0.2.7/32"))),
            new Config.Peers(18, 19),
            new Config.Bridge(8, 1 << 20, 10, List.of("https://wall.example", "http://[::1]:3000"), true),
            new Config.Management("localhost", 9, new Tls("m.pem", "m.key", "m.ca", List.of("prometheus"))),
            new Config.ExchangeLog(10),
            new Config.Exchanges(PeerDetail.MASKED),
            new Config.Shutdown(Duration.ofSeconds(11), Duration.ofSeconds(12)),
            new Config.Cluster(
                    true,
                    "canary",
                    "10.0.0.1",
                    13,
                    14,
                    List.of("a.example:5701", "[fd00::1]:5702"),
                    "",
                    new Config.Cluster.BusTls("node.pem", "/etc/greeter/node key.pem", "authority.pem")),
            new Config.Faults(
                    "open-sesame", List.of("spiffe://example/chaos", "chaos.example"), Duration.ofMinutes(15)),
            new Config.Log(Level.DEBUG, Format.JSON));

    private SampleConfigs() {}

    private static Map<String, String> otherTogether() {
        Map<String, String> texts = new LinkedHashMap<>(OTHER_TEXTS);
        texts.put("cluster.dns", "");
        return texts;
    }

    private static void tls(Map<String, String> texts, String port, String file, String names) {
        texts.put(port + ".tls.certificate", file + ".pem");
        texts.put(port + ".tls.key", file + ".key");
        texts.put(port + ".tls.trust", file + ".ca");
        texts.put(port + ".tls.names", names);
    }

    private static Map<String, String> otherTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("node.name", "node-7");
        texts.put("greeting.host", "127.0.0.1");
        texts.put("greeting.port", "1");
        texts.put("greeting.instances", "3");
        texts.put("greeting.maxConnections", "4");
        texts.put("greeting.handshakeTimeout", "500ms");
        texts.put("greeting.idleTimeout", "2m");
        tls(texts, "greeting", "g", "a.example,spiffe://b/c");
        texts.put("greeting.proxyProtocol.from", "10.0.0.0/8,fd00::/8");
        texts.put("http.host", "::1");
        texts.put("http.port", "5");
        texts.put("http.instances", "6");
        texts.put("http.maxConnections", "7");
        texts.put("http.idleTimeout", "8s");
        texts.put("http.requestTimeout", "900ms");
        tls(texts, "http", "h", "edge");
        texts.put("http.proxyProtocol.from", "192.0.2.7/32");
        texts.put("peers.maxConnections", "18");
        texts.put("peers.maxConnectsPerSecond", "19");
        texts.put("bridge.maxConnections", "8");
        texts.put("bridge.maxMessageSize", "1MiB");
        texts.put("bridge.maxMessagesPerSecond", "10");
        texts.put("bridge.origins", "https://wall.example,http://[::1]:3000");
        texts.put("bridge.trustForwardedProto", "true");
        texts.put("management.host", "localhost");
        texts.put("management.port", "9");
        tls(texts, "management", "m", "prometheus");
        texts.put("exchangeLog.maxPerSecond", "10");
        texts.put("exchanges.peers", "masked");
        texts.put("shutdown.delay", "11s");
        texts.put("shutdown.grace", "12s");
        texts.put("cluster.enabled", "true");
        texts.put("cluster.name", "canary");
        texts.put("cluster.host", "10.0.0.1");
        texts.put("cluster.port", "13");
        texts.put("cluster.eventBusPort", "14");
        texts.put("cluster.members", "a.example:5701,[fd00::1]:5702");
        texts.put("cluster.dns", "greeter-nodes");
        texts.put("cluster.tls.certificate", "node.pem");
        texts.put("cluster.tls.key", "/etc/greeter/node key.pem");
        texts.put("cluster.tls.trust", "authority.pem");
        texts.put("faults.token", "open-sesame");
        texts.put("faults.names", "spiffe://example/chaos,chaos.example");
        texts.put("faults.maxDuration", "15m");
        texts.put("log.level", "debug");
        texts.put("log.format", "json");
        return texts;
    }
}
