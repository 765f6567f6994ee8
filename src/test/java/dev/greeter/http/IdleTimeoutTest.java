package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdleTimeoutTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.web(Duration.ofMillis(100), Duration.ofMillis(300));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void closesAConnectionWithoutARequest() {
        assertThat(server.connect().toEnd()).isEmpty();

        server.undeploy().await();
        assertThat(server.ledger.outcomes()).isEmpty();
    }

    @Test
    void closesAnIdleConnectionAfterAResponse() {
        assertThat(server.connect().get("/").toEnd())
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("</html>\n");
    }

    @Test
    void appliesChangedTimeoutsToNewConnections() {
        server.changeTimeouts(Duration.ofSeconds(60), Duration.ofMillis(100));
        RawClient kept = server.connect();
        kept.get("/nowhere").response();
        server.changeTimeouts(Duration.ofMillis(100), Duration.ofSeconds(60));

        assertThat(kept.send("GET /nowhere").toEnd()).contains(" 408 ");
        assertThat(server.connect().toEnd()).isEmpty();
    }

    @Test
    void refusesAnUnfinishedRequest() {
        assertThat(server.connect().send("GET / HTTP/1.1\r\nhost: gre").toEnd()).startsWith("HTTP/1.1 408 ");

        server.undeploy().await();
        assertThat(server.ledger.outcomes()).containsExactly("refused 408");
    }
}
