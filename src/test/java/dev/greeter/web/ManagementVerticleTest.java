package dev.greeter.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagementVerticleTest {
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.management();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STARTING | /livez    | 200 | {\"status\":\"UP\",\"checks\":[{\"id\":\"event-loop\",\"status\":\"UP\"}]}",
                "STARTING | /readyz   | 503 | {\"status\":\"DOWN\",\"checks\":[{\"id\":\"ready\",\"status\":\"DOWN\"}]}",
                "STARTING | /startupz | 503 | {\"status\":\"DOWN\",\"checks\":[{\"id\":\"started\",\"status\":\"DOWN\"}]}",
                "READY    | /livez    | 200 | {\"status\":\"UP\",\"checks\":[{\"id\":\"event-loop\",\"status\":\"UP\"}]}",
                "READY    | /readyz   | 200 | {\"status\":\"UP\",\"checks\":[{\"id\":\"ready\",\"status\":\"UP\"}]}",
                "READY    | /startupz | 200 | {\"status\":\"UP\",\"checks\":[{\"id\":\"started\",\"status\":\"UP\"}]}",
                "DRAINING | /livez    | 200 | {\"status\":\"UP\",\"checks\":[{\"id\":\"event-loop\",\"status\":\"UP\"}]}",
                "DRAINING | /readyz   | 503 | {\"status\":\"DOWN\",\"checks\":[{\"id\":\"ready\",\"status\":\"DOWN\"}]}",
                "DRAINING | /startupz | 200 | {\"status\":\"UP\",\"checks\":[{\"id\":\"started\",\"status\":\"UP\"}]}",
            })
    void tellsHowFarTheServiceIs(Readiness.State state, String target, int status, String json) {
        server.reach(state);

        String response = server.connect().get(target).response();

        assertThat(response)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("\r\ncontent-type: application/json\r\n")
                .contains("\r\ncache-control: no-store\r\n")
                .contains("\r\nx-greeter-node: greeter-0\r\n")
                .endsWith("\r\n\r\n" + json);
    }

    @Test
    void refusesWhatItDoesNotKnowAsTheApplicationDoes() {
        RawClient client = server.connect();

        assertThat(client.request("POST /livez HTTP/1.1", "host: greeter").response())
                .startsWith("HTTP/1.1 405 ")
                .contains("\r\nallow: GET, HEAD, OPTIONS\r\n");
        assertThat(client.get("/").response())
                .startsWith("HTTP/1.1 404 ")
                .contains("\r\ncontent-type: application/problem+json\r\n");
    }

    @Test
    void reportsNoExchange() {
        server.connect().get("/", "connection: close").toEnd();
        server.connect().send("Hello\r\n\r\n").toEnd();

        Await.done(server.undeploy());

        assertThat(server.ledger.exchanges()).isEmpty();
    }
}
