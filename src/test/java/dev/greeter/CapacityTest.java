package dev.greeter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.Capacity.Memory;
import dev.greeter.config.Config;
import dev.greeter.config.ConfigSources;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapacityTest {
    private static final long PLENTY = 1L << 40;
    private static final Memory ENOUGH = new Memory(PLENTY, PLENTY);
    private static final Memory HEAP_OF_A_POD = new Memory(128L << 20, PLENTY);
    private static final Memory BUFFERS_OF_A_POD = new Memory(PLENTY, 48L << 20);

    @Test
    void leavesLimitsThatFit() throws Exception {
        Config config = config(Map.of());
        assertThat(new Capacity(ENOUGH, PLENTY).fit(config)).isEqualTo(config);
    }

    @Test
    void lowersThemToTheMemory() throws Exception {
        Config config = config(Map.of());
        Config fitted = new Capacity(HEAP_OF_A_POD, PLENTY).fit(config);
        assertThat(fitted.greeting().maxConnections()).isBetween(1_000, 4_000);
        assertThat(fitted.http().maxConnections()).isBetween(1_000, 4_000);
        assertThat(fitted.with(Map.of(
                        "greeting.maxConnections", config.greeting().maxConnections(),
                        "http.maxConnections", config.http().maxConnections())))
                .isEqualTo(config);
    }

    /**
     * Of half of the memory, what is left by 96 connections to the management port and by messages of the bridge. Over TLS a connection has
     * a session or a handshake, and an unfinished record.
     */
    @ParameterizedTest
    @CsvSource({
        "heap, '', 1976",
        "heap, greeting, 1580",
        "heap, http, 1580",
        "heap, greeting http, 1317",
        "heap, management, 1952",
        "direct, '', 1017",
        "direct, greeting, 550",
        "direct, http, 550",
        "direct, greeting http, 376",
        "direct, management, 936",
    })
    void countsWhatTlsTakesOnThePortsThatHaveIt(String scarce, String ports, int each) throws Exception {
        Map<String, String> settings = Stream.of(ports.split(" "))
                .filter(port -> !port.isEmpty())
                .flatMap(port -> Stream.of(port + ".tls.certificate", port + ".tls.key"))
                .collect(Collectors.toMap(key -> key, key -> "file.pem"));
        Memory memory = scarce.equals("heap") ? HEAP_OF_A_POD : BUFFERS_OF_A_POD;
        Config fitted = new Capacity(memory, PLENTY).fit(config(settings));
        assertThat(fitted.greeting().maxConnections()).isEqualTo(each);
        assertThat(fitted.http().maxConnections()).isEqualTo(each);
        assertThat(fitted.bridge().maxConnections()).isEqualTo(100);
    }

    @Test
    void countsHeadersOfProxies() throws Exception {
        Config fitted =
                new Capacity(BUFFERS_OF_A_POD, PLENTY).fit(config(Map.of("greeting.proxyProtocol.from", "10.0.0.0/8")));
        assertThat(fitted.greeting().maxConnections()).isEqualTo(753);
    }

    /** A quarter at most is for them. */
    @Test
    void lowersTheBridgesLimitToTheLengthOfItsMessages() throws Exception {
        Config fitted = new Capacity(BUFFERS_OF_A_POD, PLENTY).fit(config(Map.of("bridge.maxMessageSize", "1MiB")));
        assertThat(fitted.bridge().maxConnections()).isEqualTo(3);
        assertThat(fitted.http().maxConnections()).isEqualTo(907);
    }

    @Test
    void lowersTheHigherOneFirst() throws Exception {
        Config small = config(Map.of("greeting.maxConnections", "50"));
        assertThat(new Capacity(HEAP_OF_A_POD, PLENTY).fit(small).greeting().maxConnections())
                .isEqualTo(50);
        assertThat(new Capacity(ENOUGH, 200).fit(small).greeting().maxConnections())
                .isEqualTo(50);
        Config fitted = new Capacity(HEAP_OF_A_POD, PLENTY)
                .fit(config(Map.of("greeting.maxConnections", "100000", "http.maxConnections", "1000")));
        assertThat(fitted.http().maxConnections()).isEqualTo(1_000);
        assertThat(fitted.greeting().maxConnections()).isBetween(1_000, 10_000);
    }

    @Test
    void leavesDescriptorsForWhatElseThereIs() throws Exception {
        long descriptors = 200;
        Config fitted = new Capacity(ENOUGH, descriptors).fit(config(Map.of()));
        assertThat(fitted.greeting().maxConnections() + fitted.http().maxConnections())
                .isBetween(100, 160);
    }

    @Test
    void letsSomebodyInHoweverLittleThereIs() throws Exception {
        Config fitted = new Capacity(new Memory(1, 1), 1).fit(config(Map.of()));
        assertThat(fitted.greeting().maxConnections()).isEqualTo(1);
        assertThat(fitted.http().maxConnections()).isEqualTo(1);
    }

    private static Config config(Map<String, String> settings) throws Exception {
        return new ConfigSources(Optional.empty(), Map.of(), settings).load();
    }
}
