package dev.greeter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Config;
import dev.greeter.config.ConfigSources;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CapacityTest {
    private static final long PLENTY = 1L << 40;
    private static final long OF_A_POD = 128L << 20;

    @Test
    void leavesLimitsThatFit() throws Exception {
        Config config = config(Map.of());
        assertThat(new Capacity(PLENTY, PLENTY).fit(config)).isEqualTo(config);
    }

    @Test
    void lowersThemToTheMemory() throws Exception {
        Config config = config(Map.of());
        Config fitted = new Capacity(OF_A_POD, PLENTY).fit(config);
        assertThat(fitted.greeting().maxConnections()).isBetween(1_000, 4_000);
        assertThat(fitted.http().maxConnections()).isBetween(1_000, 4_000);
        assertThat(fitted.withMaxConnections(
                        config.greeting().maxConnections(), config.http().maxConnections()))
                .isEqualTo(config);
    }

    @Test
    void lowersTheHigherOneFirst() throws Exception {
        Config small = config(Map.of("greeting.maxConnections", "50"));
        assertThat(new Capacity(OF_A_POD, PLENTY).fit(small).greeting().maxConnections())
                .isEqualTo(50);
        assertThat(new Capacity(PLENTY, 200).fit(small).greeting().maxConnections())
                .isEqualTo(50);
        Config fitted = new Capacity(OF_A_POD, PLENTY)
                .fit(config(Map.of("greeting.maxConnections", "100000", "http.maxConnections", "1000")));
        assertThat(fitted.http().maxConnections()).isEqualTo(1_000);
        assertThat(fitted.greeting().maxConnections()).isBetween(1_000, 10_000);
    }

    @Test
    void leavesDescriptorsForWhatElseThereIs() throws Exception {
        long descriptors = 200;
        Config fitted = new Capacity(PLENTY, descriptors).fit(config(Map.of()));
        assertThat(fitted.greeting().maxConnections() + fitted.http().maxConnections())
                .isBetween(100, 160);
    }

    @Test
    void letsSomebodyInHoweverLittleThereIs() throws Exception {
        Config fitted = new Capacity(1, 1).fit(config(Map.of()));
        assertThat(fitted.greeting().maxConnections()).isEqualTo(1);
        assertThat(fitted.http().maxConnections()).isEqualTo(1);
    }

    private static Config config(Map<String, String> settings) throws Exception {
        return new ConfigSources(Optional.empty(), Map.of(), settings).load();
    }
}
