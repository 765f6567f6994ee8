package dev.greeter.client.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectLimitTest {
    @TempDir
    private Path folder;

    /** Linux gives up after 3, 7, 127 and more than 127 s. */
    @ParameterizedTest
    @CsvSource({"1, PT2.5S", "2, PT6.5S", "6, PT126.5S", "127, PT126.5S", "none, PT60S"})
    void endsBeforeTheKernelGivesUp(String retries, Duration limit) throws IOException {
        assertThat(ConnectLimit.ofKernel(Files.writeString(folder.resolve("tcp_syn_retries"), retries + "\n")))
                .isEqualTo(limit);
    }

    @Test
    void suitsKernelsThatSayNothing() {
        assertThat(ConnectLimit.ofKernel(folder.resolve("none"))).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void isTheCallersLimitIfThatIsShorter() {
        assertThat(ConnectLimit.millis(Duration.ofMillis(300))).isEqualTo(300);
    }
}
