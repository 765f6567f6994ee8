package dev.greeter.process.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.RawClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ledger fails under the jar: a debugger throws an exception into its verticle when it gets a batch. */
@Timeout(120)
class LedgerFailureIT {
    private static final int FAILURES = 3;
    private static final int GREETINGS = 100;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void keepsTheBatchAndCountsItOnce() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serveInDebugger(folder, "greeting.instances=1")) {
            // so that its classes are loaded
            greet(greeter, 1);
            try (Debugger debugger = Debugger.attach(greeter)) {
                debugger.throwAtEntry("dev.greeter.ledger.Ledger", "count", FAILURES, () -> greet(greeter, GREETINGS));
            }
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(greeter.totals("greeting"))
                            .isEqualTo(Map.of("answered", GREETINGS + 1, "refused", 0, "failed", 0)));
            assertThat(greeter.get(greeter.managementPort(), "/readyz").statusCode())
                    .isEqualTo(200);
            greet(greeter, 1);
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
            assertThat(greeter.line("stopped").getInteger("greeting.answered")).isEqualTo(GREETINGS + 2);
            assertThat(greeter.lines())
                    .filteredOn(line -> "ERROR".equals(line.getString("level")))
                    .hasSize(FAILURES)
                    .allSatisfy(line -> assertThat(line.getString("message"))
                            .isEqualTo("the ledger failed at a message to greeter.exchanges"));
        }
    }

    private static void greet(GreeterProcess greeter, int times) throws Exception {
        try (RawClient client = new RawClient(greeter.greetingPort())) {
            client.send("GREETING/2\n" + "Hello\n".repeat(times)).halfClose();
            assertThat(client.toEnd()).isEqualTo("GREETING/2\n" + "World\n".repeat(times));
        }
    }
}
