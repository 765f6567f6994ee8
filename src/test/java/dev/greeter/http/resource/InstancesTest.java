package dev.greeter.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.ExchangeBatch;
import dev.greeter.http.TestServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InstancesTest {
    @Test
    void shareOneFreePort() {
        try (TestServer server = TestServer.web(TestServer.NODE, TestServer.GRACE, 3)) {
            for (int i = 0; i < 9; i++) {
                assertThat(server.connect().get("/", "connection: close").toEnd())
                        .startsWith("HTTP/1.1 200 OK\r\n");
            }

            server.undeploy().await();
            Stream<String> whoAnswered = server.ledger.batches().stream()
                    .filter(batch -> !batch.exchanges().isEmpty())
                    .map(ExchangeBatch::source);
            assertThat(whoAnswered.distinct()).hasSize(3);
            assertThat(server.ledger.outcomes()).hasSize(9).containsOnly("answered");
        }
    }
}
