package dev.greeter.http.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.faults.ActiveFault;
import dev.greeter.faults.Fault;
import dev.greeter.faults.FaultKind;
import dev.greeter.faults.Faults;
import dev.greeter.http.TestServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageFaultsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @ParameterizedTest
    @CsvSource({"DELAY, failed closed", "STALL, failed fault:stall"})
    void countsAPageThatAFaultHoldsBackBeyondTheGracePeriod(FaultKind kind, String outcome) {
        Faults faults = new Faults("http");
        ActiveFault fault = faults.add(new Fault(kind, 100, LONG, kind == FaultKind.DELAY ? LONG : Duration.ZERO));
        try (TestServer server = TestServer.web(faults, Duration.ofMillis(1))) {
            server.connect().get("/");
            await().until(() -> fault.injected() == 1);
            server.undeploy().await();
            assertThat(server.ledger.outcomes()).containsExactly(outcome);
        }
    }

    @Test
    void truncatesThePageAndNotItsHead() {
        try (TestServer server = TestServer.web()) {
            String whole = server.connect().get("/", "connection: close").toEnd();
            Faults faults = new Faults("http");
            faults.add(new Fault(FaultKind.TRUNCATE, 100, LONG, Duration.ZERO));
            try (TestServer spoiled = TestServer.web(faults, TestServer.GRACE)) {
                String part = spoiled.connect().get("/", "connection: close").toEnd();
                assertThat(part).hasSizeBetween(whole.length() / 2, whole.length() - 1);
                assertThat(lines(part)).containsExactlyInAnyOrderElementsOf(lines(whole));
            }
        }
    }

    /** The lines of a head, but for the date. */
    private static List<String> lines(String response) {
        return response.substring(0, response.indexOf("\r\n\r\n"))
                .lines()
                .filter(line -> !line.startsWith("date: "))
                .toList();
    }
}
