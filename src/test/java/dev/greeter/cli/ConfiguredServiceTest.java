package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.FakeServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A command that names no target asks the service that its environment configures. */
class ConfiguredServiceTest {
    @ParameterizedTest
    @CsvSource({
        "health, MANAGEMENT, 127.0.0.1",
        "health, MANAGEMENT, 0.0.0.0",
        "health, MANAGEMENT, '::'",
        "get,    HTTP,       0:0:0:0:0:0:0:0",
        "get,    HTTP,       ''",
        "stats,  HTTP,       localhost",
    })
    void asksWhereTheServiceListens(String command, String server, String host) throws Exception {
        try (FakeServer fake = FakeServer.answeringJson(200, "{\"status\":\"UP\"}")) {
            Cli.run(
                    Map.of(
                            "GREETER_" + server + "_PORT",
                            String.valueOf(fake.port()),
                            "GREETER_" + server + "_HOST",
                            host),
                    (config, sources) -> 0,
                    command);
            assertThat(fake.request()).startsWith("GET /");
        }
    }

    @Test
    void greetsWhereTheServiceListens() throws IOException {
        try (FakeServer fake = FakeServer.at(0, "::1", (peer, nth) -> {
            peer.read("Hello".length());
            peer.write("World");
        })) {
            Map<String, String> env =
                    Map.of("GREETER_GREETING_PORT", String.valueOf(fake.port()), "GREETER_GREETING_HOST", "::1");
            assertThat(Cli.run(env, (config, sources) -> 0, "hello")).isEqualTo(Cli.done("World\n"));
        }
    }

    @Test
    void readsTheFileThatTheEnvironmentNames(@TempDir Path folder) throws Exception {
        try (FakeServer fake = FakeServer.answeringJson(200, "{\"status\":\"UP\"}")) {
            Path file = Files.writeString(folder.resolve("greeter.yaml"), "management.port: " + fake.port());
            assertThat(Cli.run(Map.of("GREETER_CONFIG", file.toString()), (config, sources) -> 0, "health"))
                    .isEqualTo(Cli.done("UP\n"));
        }
    }

    /** The service has read it, so nobody would ever write to it again. */
    @Test
    @Timeout(60)
    void leavesAPipeToTheService(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertThat(Cli.run(Map.of("GREETER_CONFIG", pipe.toString()), (config, sources) -> 0, "health"))
                .isEqualTo(Cli.misused("greeter health: environment GREETER_CONFIG: " + pipe
                        + " is no regular file, and only such is read again"));
    }

    @Test
    void asksATargetThatIsNamedWhateverTheEnvironmentSays() throws IOException {
        try (FakeServer fake = FakeServer.answeringJson(200, "{\"status\":\"UP\"}")) {
            Map<String, String> env = Map.of("GREETER_MANAGEMENT_PORT", "none");
            assertThat(Cli.run(env, (config, sources) -> 0, "health", fake.target()))
                    .isEqualTo(Cli.done("UP\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "get", "stats", "health", "serve"})
    void refusesWhatServeRefuses(String command) {
        Map<String, String> env = Map.of("GREETER_HTTP_PORT", "x");
        assertThat(Cli.run(env, (config, sources) -> 0, command))
                .isEqualTo(Cli.misused("greeter " + command
                        + ": environment GREETER_HTTP_PORT: http.port is \"x\", allowed: a whole number from 0 to 65535 (0 takes a"
                        + " free one)"));
    }

    @Test
    void knowsNoFreePort() {
        Map<String, String> env = Map.of("GREETER_MANAGEMENT_PORT", "0");
        assertThat(Cli.run(env, (config, sources) -> 0, "health"))
                .isEqualTo(Cli.misused("greeter health: management.port"
                        + " is 0, which is any free port; name the one to ask as a target"));
    }
}
