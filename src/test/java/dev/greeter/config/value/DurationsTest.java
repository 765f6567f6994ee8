package dev.greeter.config.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "500ms,500,500ms",
        "0ms,0,0s",
        "5s,5000,5s",
        "2m,120000,2m",
        "1000ms,1000,1s",
        "60m,3600000,60m",
        "1h,3600000,60m",
        "36h,129600000,36h",
        "48h,172800000,2d",
        "14d,1209600000,14d"
    })
    void readsAndWritesOneNotation(String text, long millis, String written) {
        assertThat(Durations.read(text)).hasValue(Duration.ofMillis(millis));
        assertThat(Durations.text(Duration.ofMillis(millis))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5 s", "-5s", "1.5s", "5S", "1w", "1H", "9999999999s"})
    void readsNothingElse(String text) {
        assertThat(Durations.read(text)).isEmpty();
    }
}
