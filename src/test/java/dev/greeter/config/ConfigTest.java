package dev.greeter.config;

import static dev.greeter.config.SampleConfigs.DEFAULTS;
import static dev.greeter.config.SampleConfigs.HOSTNAME;
import static dev.greeter.config.SampleConfigs.OTHER;
import static dev.greeter.config.SampleConfigs.OTHER_TEXTS;
import static dev.greeter.config.SampleConfigs.OTHER_TOGETHER;
import static dev.greeter.testing.Configs.CLEAR;
import static dev.greeter.testing.Configs.NO_PROXY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

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

class ConfigTest {
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
}
