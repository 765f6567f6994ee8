package dev.greeter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {
    static final Iterable<Key<?>> KEYS = Keys.ALL;

    @ParameterizedTest
    @CsvSource({
        "http.port,GREETER_HTTP_PORT",
        "greeting.maxConnections,GREETER_GREETING_MAX_CONNECTIONS",
        "exchangeLog.maxPerSecond,GREETER_EXCHANGE_LOG_MAX_PER_SECOND",
        "cluster.dns,GREETER_CLUSTER_DNS",
    })
    void namesTheVariableAfterTheKey(String name, String variable) {
        assertThat(Keys.named(name).orElseThrow().variable()).isEqualTo(variable);
    }

    @Test
    void namesEveryVariableDifferently() {
        assertThat(Keys.ALL.stream().map(Key::variable)).doesNotHaveDuplicates();
    }

    @Test
    void takesAnEmptyVariableForUnset() throws Exception {
        Config config = new ConfigSources(
                        Optional.empty(),
                        Map.of("GREETER_HTTP_PORT", "", "GREETER_CONFIG", "", "GREETER_TYPO", "", "HOSTNAME", "a"),
                        Map.of())
                .load();

        assertThat(config).isEqualTo(new ConfigSources(Optional.empty(), Map.of("HOSTNAME", "a"), Map.of()).load());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "greeter",
                "greeter-http",
                "greeter-greeting",
                "greeter-management",
                "greeter-cluster",
                "greeter-headless",
                "greeter-config",
                "greeter-log-level",
                "greeter-2",
            })
    void startsBesideAServiceOfKubernetesThatIsNamedLikeIt(String service) throws Exception {
        Map<String, String> environment = new HashMap<>(serviceLinks(service));
        environment.put("HOSTNAME", "greeter-0");

        Config config = new ConfigSources(Optional.empty(), environment, Map.of()).load();

        assertThat(config)
                .isEqualTo(new ConfigSources(Optional.empty(), Map.of("HOSTNAME", "greeter-0"), Map.of()).load());
    }

    @Test
    void takesAPortForASettingBesideServiceLinks() throws Exception {
        Map<String, String> environment = new HashMap<>(serviceLinks("greeter-http"));
        environment.put("GREETER_HTTP_PORT", "81");

        assertThat(new ConfigSources(Optional.empty(), environment, Map.of())
                        .load()
                        .http()
                        .port())
                .isEqualTo(81);
    }

    @ParameterizedTest
    @FieldSource("KEYS")
    void takesNoVariableOfOursForAServiceLink(Key<?> key) {
        assertThat(Environment.isServiceLink(key.variable(), "1")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GREETER_PORT", "GREETER_HTTP_PORT_8080", "GREETER_HTTP_PORT_TCP", "GREETER_SERVICE_HOSTS"})
    void takesNoOtherVariableForAServiceLink(String variable) {
        assertThat(Environment.isServiceLink(variable, "8080")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "greeter-0,greeter-0",
        "'my machine\n',my-machine",
        "nöde,n-de",
    })
    void makesANodeNameOfTheHostName(String hostName, String node) throws Exception {
        assertThat(new ConfigSources(Optional.empty(), Map.of("HOSTNAME", hostName), Map.of())
                        .load()
                        .node()
                        .name())
                .isEqualTo(node);
    }

    @Test
    void shortensALongHostName() throws Exception {
        assertThat(new ConfigSources(Optional.empty(), Map.of("HOSTNAME", "x".repeat(64)), Map.of())
                        .load()
                        .node()
                        .name())
                .isEqualTo("x".repeat(63));
    }

    @Test
    void takesTheHostFromTheKernelWhateverTheVariableSays() throws Exception {
        Process uname = new ProcessBuilder("uname", "-n").start();
        String kernel = new String(uname.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        Config.Node node = new ConfigSources(Optional.empty(), Map.of("HOSTNAME", "other"), Map.of())
                .load()
                .node();

        assertThat(node).isEqualTo(new Config.Node("other", kernel));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void namesTheNodeAfterTheHostWithoutTheVariable(String unset) throws Exception {
        assertThat(new ConfigSources(Optional.empty(), Map.of("HOSTNAME", unset), Map.of())
                        .load()
                        .node())
                .satisfies(node -> assertThat(node.host()).startsWith(node.name()))
                .satisfies(node -> assertThat(node.name()).matches("[!-~]{1,63}"));
    }

    /** What a kubelet puts into each container, for a Service with a named TCP port and a UDP port. */
    private static Map<String, String> serviceLinks(String service) {
        String name = service.toUpperCase(Locale.ROOT).replace('-', '_');
        return Map.ofEntries(
                Map.entry(name + "_SERVICE_HOST", "10.96.0.7"),
                Map.entry(name + "_SERVICE_PORT", "1234"),
                Map.entry(name + "_SERVICE_PORT_GREETING", "1234"),
                Map.entry(name + "_SERVICE_PORT_HTTP_ADMIN", "53"),
                Map.entry(name + "_PORT", "tcp://10.96.0.7:1234"),
                Map.entry(name + "_PORT_1234_TCP", "tcp://10.96.0.7:1234"),
                Map.entry(name + "_PORT_1234_TCP_PROTO", "tcp"),
                Map.entry(name + "_PORT_1234_TCP_PORT", "1234"),
                Map.entry(name + "_PORT_1234_TCP_ADDR", "10.96.0.7"),
                Map.entry(name + "_PORT_53_UDP", "udp://[fd00::7]:53"),
                Map.entry(name + "_PORT_53_UDP_PROTO", "udp"),
                Map.entry(name + "_PORT_53_UDP_PORT", "53"),
                Map.entry(name + "_PORT_53_UDP_ADDR", "fd00::7"));
    }
}
