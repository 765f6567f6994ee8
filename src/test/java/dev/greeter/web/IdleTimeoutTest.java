package dev.greeter.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdleTimeoutTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.web(TestServer.NODE, TestServer.GRACE, 1, Duration.ofMillis(100));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void closesAConnectionThatAsksNothing() {
        assertThat(server.connect().toEnd()).isEmpty();

        Await.done(server.undeploy());
        assertThat(server.ledger.outcomes()).isEmpty();
    }

    @Test
    void closesAConnectionThatAsksNoMore() {
        assertThat(server.connect().get("/").toEnd())
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("</html>\n");
    }

    @Test
    void refusesARequestThatItsClientDoesNotFinish() {
        assertThat(server.connect().send("GET / HTTP/1.1\r\nhost: gre").toEnd()).isEmpty();

        Await.done(server.undeploy());
        assertThat(server.ledger.outcomes()).containsExactly("refused closed");
    }
}
