package dev.greeter.config;

import static dev.greeter.testing.Configs.CLEAR;
import static dev.greeter.testing.Configs.NO_PROXY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.greeter.config.Config.Log.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.slf4j.event.Level;

class ConfigTest {
    static final Map<String, String> HOSTNAME = Map.of("HOSTNAME", "greeter-0");
    private static final String HOST = new Environment(HOSTNAME).host();
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    static final Config DEFAULTS = new Config(
            new Config.Node("greeter-0", HOST),
            new Config.Greeting(
                    "0.0.0.0", 1234, CORES, 10_000, Duration.ofSeconds(5), Duration.ofSeconds(60), CLEAR, NO_PROXY),
            new Config.Http(
                    "0.0.0.0", 8080, CORES, 10_000, Duration.ofSeconds(60), Duration.ofSeconds(30), CLEAR, NO_PROXY),
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
    private static final Map<String, String> OTHER_TEXTS = otherTexts();

    /** The same, but for the one key of them that another excludes. As {@link #OTHER} holds them. */
    private static final Map<String, String> OTHER_TOGETHER = otherTogether();

    private static final Config OTHER = new Config(
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

    static final List<Key<?>> KEYS = Keys.ALL;

    enum Source {
        FILE {
            @Override
            Config load(Path directory, Map<String, String> texts) throws Exception {
                Path file = directory.resolve("greeter.yaml");
                Files.writeString(
                        file,
                        texts.entrySet().stream()
                                .map(text -> text.getKey() + ": '" + text.getValue() + "'\n")
                                .collect(Collectors.joining()));
                return new ConfigSources(Optional.of(file), HOSTNAME, Map.of()).load();
            }
        },
        ENVIRONMENT {
            @Override
            Config load(Path directory, Map<String, String> texts) throws Exception {
                Map<String, String> environment = new LinkedHashMap<>(HOSTNAME);
                texts.forEach((name, text) ->
                        environment.put(Keys.named(name).orElseThrow().variable(), text));
                return new ConfigSources(Optional.empty(), environment, Map.of()).load();
            }
        },
        COMMAND_LINE {
            @Override
            Config load(Path directory, Map<String, String> texts) throws Exception {
                return new ConfigSources(Optional.empty(), HOSTNAME, texts).load();
            }
        };

        abstract Config load(Path directory, Map<String, String> texts) throws Exception;
    }

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void isTheDefaultsWithoutAnySource() throws Exception {
        assertThat(new ConfigSources(Optional.empty(), HOSTNAME, Map.of()).load())
                .isEqualTo(DEFAULTS);
    }

    @ParameterizedTest
    @EnumSource
    void takesEveryKeyFromEachSource(Source source) throws Exception {
        assertThat(OTHER_TEXTS.keySet())
                .containsExactlyElementsOf(Keys.ALL.stream().map(Key::name).toList());
        assertThat(source.load(directory, OTHER_TOGETHER)).isEqualTo(OTHER);
    }

    @ParameterizedTest
    @FieldSource("KEYS")
    void setsOneKeyAndNoOther(Key<?> key) throws Exception {
        Map<String, String> texts = withThoseThatItNeeds(key.name());
        Map<String, String> expected = new LinkedHashMap<>(DEFAULTS.effective());
        expected.putAll(texts);
        expected.computeIfPresent(key.name(), (name, text) -> key.type().secret() ? "***" : text);
        for (Source source : Source.values()) {
            Config config = source.load(directory, texts);
            assertThat(config.effective()).as("%s", source).isEqualTo(expected);
        }
    }

    /** No key of a port's TLS is allowed alone, and the names of those who may add faults need it. */
    private static Map<String, String> withThoseThatItNeeds(String name) {
        Map<String, String> texts = new LinkedHashMap<>(OTHER_TEXTS);
        String section = name.equals("faults.names") ? "management.tls." : name.substring(0, name.lastIndexOf('.') + 1);
        boolean ofPort = section.endsWith(".tls.") && !section.startsWith("cluster.");
        texts.keySet().removeIf(other -> !other.equals(name) && !(ofPort && other.startsWith(section)));
        return texts;
    }

    @Test
    void laterSourcesWin() throws Exception {
        Path file = Files.writeString(directory.resolve("greeter.yaml"), """
                http: {port: 1, maxConnections: 1, instances: 1}
                """);
        Map<String, String> environment = Map.of("GREETER_HTTP_PORT", "2", "GREETER_HTTP_MAX_CONNECTIONS", "2");
        Config config = new ConfigSources(Optional.of(file), environment, Map.of("http.port", "3")).load();

        assertThat(config.http())
                .isEqualTo(new Config.Http(
                        "0.0.0.0", 3, 1, 2, Duration.ofSeconds(60), Duration.ofSeconds(30), CLEAR, NO_PROXY));
    }

    @Test
    void readsTheFileThatTheEnvironmentNames() throws Exception {
        Path file = Files.writeString(directory.resolve("greeter.yaml"), "http.port: 1");

        Config config = new ConfigSources(Optional.empty(), Map.of("GREETER_CONFIG", file.toString()), Map.of()).load();

        assertThat(config.http().port()).isEqualTo(1);
    }

    @Test
    void readsTheFileOfTheCommandLineOnly() throws Exception {
        Path file = Files.writeString(directory.resolve("greeter.yaml"), "http.port: 1");

        Config config = new ConfigSources(Optional.of(file), Map.of("GREETER_CONFIG", "none.yaml"), Map.of()).load();

        assertThat(config.http().port()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "::1, ::1",
        "[::1], ::1",
        "0:0:0:0:0:0:0:0, ::",
        "FE80::1%eth0, fe80::1%eth0",
        "greeter-0.greeter-members, greeter-0.greeter-members"
    })
    void keepsAHostInItsCanonicalForm(String text, String host) throws Exception {
        Config config = new ConfigSources(
                        Optional.empty(), Map.of(), Map.of("greeting.host", text, "cluster.members", "a:1, [0:0::1]:2"))
                .load();
        assertThat(config.greeting().host()).isEqualTo(host);
        assertThat(config.cluster().members()).containsExactly("a:1", "[::1]:2");
    }

    @Test
    void tellsTheEffectiveConfigurationAsItWouldBeWritten() throws Exception {
        Map<String, String> texts = new LinkedHashMap<>(OTHER_TOGETHER);
        texts.put("faults.token", "***");
        Map<String, String> effective = OTHER.effective();
        assertThat(effective).containsExactlyEntriesOf(texts);
        effective.put("faults.token", "open-sesame");
        assertThat(new ConfigSources(Optional.empty(), Map.of(), effective).load())
                .isEqualTo(OTHER);
    }

    @Test
    void tellsNobodyASecret() {
        assertThat(OTHER.toString()).doesNotContain("open-sesame");
        assertThatThrownBy(() -> new ConfigSources(Optional.empty(), HOSTNAME, Map.of("faults.token", "short")).load())
                .hasMessageContaining(
                        "command line --set faults.token: faults.token is \"***\", allowed: 8 to 128 printable ASCII")
                .message()
                .doesNotContain("short");
        assertThatThrownBy(() -> new Config.Faults("short", List.of(), Duration.ofMinutes(1)))
                .message()
                .doesNotContain("short");
    }

    @ParameterizedTest
    @FieldSource("KEYS")
    <T> void keepsItsValueWhenShownAndReadAgain(Key<T> key) {
        assumeFalse(key.type().secret());
        assertThat(key.read(key.shown(OTHER))).hasValue(key.in().apply(OTHER));
        assertThat(key.read(key.shown(DEFAULTS))).hasValue(key.in().apply(DEFAULTS));
    }

    @Test
    void recordsRefuseWhatTheirKeysRefuse() {
        assertThatThrownBy(() -> new Config.Management("0.0.0.0", 65536, CLEAR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "management.port is \"65536\", allowed: a whole number from 0 to 65535 (0 takes a free one)");
        assertThatThrownBy(() -> new Config.Shutdown(Duration.ofSeconds(-1), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Config.Cluster(
                        true, "greeter", "", 5701, 5702, List.of("a"), "", new Config.Cluster.BusTls("", "", "")))
                .isInstanceOf(IllegalArgumentException.class);
    }

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
