package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.FakeServer;
import dev.greeter.testing.Machine;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HealthCommandTest {
    static Stream<Arguments> healths() {
        return Stream.of(
                Arguments.of(200, """
                        {"status":"UP","checks":[{"id":"ready","status":"UP"}]}""", new Cli(0, "UP\n  ready: UP\n", "")),
                Arguments.of(503, """
                        {"status":"DOWN","checks":[{"id":"ready","status":"UP"},\
                        {"id":"cluster","status":"DOWN","data":{"members":1}}]}""", new Cli(1, "DOWN\n  ready: UP\n  cluster: DOWN {\"members\":1}\n", "")),
                Arguments.of(503, "{\"status\":\"UP\"}", new Cli(1, "UP\n", "")),
                Arguments.of(200, "{\"status\":\"DEGRADED\"}", new Cli(1, "DEGRADED\n", "")));
    }

    @ParameterizedTest
    @MethodSource("healths")
    void printsTheStatusAndEachCheck(int status, String health, Cli printed) throws IOException {
        try (FakeServer server = FakeServer.answeringJson(status, health)) {
            assertThat(Cli.run("health", server.target())).isEqualTo(printed);
        }
    }

    @Test
    void asksForReadinessUnlessAPathIsNamed() throws Exception {
        try (FakeServer server = FakeServer.answeringJson(200, "{\"status\":\"UP\"}")) {
            Cli.run("health", server.target());
            assertThat(server.request()).startsWith("GET /readyz HTTP/1.1\r\n");
            Cli.run("health", "http://" + server.target() + "/livez");
            assertThat(server.request()).startsWith("GET /livez HTTP/1.1\r\n");
        }
    }

    static Stream<String> noHealths() {
        return Stream.of("", "World", "[]", "{}", "{\"status\":1}");
    }

    @ParameterizedTest
    @MethodSource("noHealths")
    void reportsAnAnswerThatIsNoHealth(String answer) throws IOException {
        try (FakeServer server = FakeServer.answeringJson(404, answer)) {
            assertThat(Cli.run("health", server.target()))
                    .isEqualTo(Cli.failed("greeter health: http://" + server.target()
                            + "/readyz: answered HTTP/1.1 404 Status, and no health"));
        }
    }

    @Test
    void reportsARefusedConnection() throws IOException {
        String nobody = "localhost:" + Machine.freePort();
        assertThat(Cli.run("health", nobody))
                .isEqualTo(Cli.failed("greeter health: http://" + nobody + "/readyz: connection refused"));
    }
}
