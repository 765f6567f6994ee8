package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that sends requests and does not read. */
class SlowReaderTest {
    /** The least that the kernel accepts, so that responses wait in the server. */
    private static final int RECEIVE_BUFFER_OCTETS = 2_048;

    /** Their responses are more than the kernel holds of a connection. */
    private static final int PIPELINED = 50_000;

    private final TestServer server = TestServer.web(Duration.ofSeconds(60), Duration.ofSeconds(1));

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /", "GET /dashboard", "GET /nowhere", "GET /openapi.yaml"})
    void losesItsConnection(String request) {
        for (int i = 0; i < TestServer.MAX_CONNECTIONS; i++) {
            server.connect(RECEIVE_BUFFER_OCTETS)
                    .sendInBackground((request + " HTTP/1.1\r\nhost: greeter\r\n\r\n").repeat(PIPELINED));
        }
        await().until(() -> server.ledger.connections() == TestServer.MAX_CONNECTIONS);

        await().atMost(Duration.ofSeconds(20)).until(() -> server.ledger.connections() == 0);
        assertThat(server.connect().get("/", "connection: close").toEnd()).startsWith("HTTP/1.1 200 ");
    }

    /** After a close the kernel would keep what it has until the client reads, or for minutes. */
    @Test
    void leavesNothingInTheKernel() {
        RawClient client = server.connect(RECEIVE_BUFFER_OCTETS);
        client.send("GET /openapi.yaml HTTP/1.1\r\nhost: greeter\r\n\r\n".repeat(20));
        await().until(() -> server.ledger.connections() == 1);
        await().atMost(Duration.ofSeconds(20)).until(() -> server.ledger.connections() == 0);
        assertThatThrownBy(client::rest).hasRootCauseMessage("Connection reset");
    }

    @Test
    void hasEachFailedExchangeOnce() {
        RawClient client = server.connect(RECEIVE_BUFFER_OCTETS);
        client.sendInBackground("GET / HTTP/1.1\r\nhost: greeter\r\n\r\n".repeat(PIPELINED));
        await().until(() -> server.ledger.connections() == 1);
        await().atMost(Duration.ofSeconds(20)).until(() -> server.ledger.connections() == 0);

        server.undeploy().await();
        assertThat(server.ledger.outcomes())
                .contains("answered", "failed closed")
                .containsOnly("answered", "failed closed")
                .hasSizeLessThan(PIPELINED);
    }

    @Test
    void keepsItsConnectionWhileItReadsEachResponseInTime() {
        int many = PIPELINED / 4;
        RawClient client = server.connect(RECEIVE_BUFFER_OCTETS);
        client.sendInBackground("GET / HTTP/1.1\r\nhost: greeter\r\n\r\n".repeat(many));

        client.responses(many);

        server.undeploy().await();
        assertThat(server.ledger.outcomes()).hasSize(many).containsOnly("answered");
    }
}
