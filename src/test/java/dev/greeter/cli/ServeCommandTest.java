package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Config;
import dev.greeter.config.ConfigSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServeCommandTest {
    private final List<Config> served = new ArrayList<>();

    static Stream<Arguments> commandLines() {
        return Stream.of(
                Arguments.of("", Map.of()),
                Arguments.of("serve", Map.of()),
                Arguments.of("--port 0", Map.of("greeting.port", "0")),
                Arguments.of(
                        "serve --port=1 --http-port=2 --management-port=3",
                        Map.of("greeting.port", "1", "http.port", "2", "management.port", "3")),
                Arguments.of("serve --instances 3", Map.of("greeting.instances", "3", "http.instances", "3")),
                Arguments.of("serve --cluster", Map.of("cluster.enabled", "true")),
                Arguments.of(
                        "serve --set node.name=a=b --set cluster.dns= --set shutdown.grace=2s",
                        Map.of("node.name", "a=b", "cluster.dns", "", "shutdown.grace", "2s")));
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void servesWhatTheCommandLineSets(String commandLine, Map<String, String> values) {
        String[] args = commandLine.isEmpty() ? new String[0] : commandLine.split(" ");
        Map<String, String> env = Map.of("GREETER_NODE_NAME", "n");
        assertThat(Cli.run(env, this::serve, args)).isEqualTo(Cli.done(""));
        assertThat(Cli.run(env, this::serve)).isEqualTo(Cli.done(""));
        Map<String, String> expected = served.get(1).effective();
        expected.putAll(values);
        assertThat(served.get(0).effective()).isEqualTo(expected);
    }

    @Test
    void letsTheCommandLineWinOverTheEnvironmentAndThatOverTheFile(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("greeter.yaml"), """
                greeting: {port: 1}
                http: {port: 2}
                management: {port: 3}
                """);
        Cli.run(
                Map.of("GREETER_HTTP_PORT", "20", "GREETER_MANAGEMENT_PORT", "30"),
                this::serve,
                "--config",
                file.toString(),
                "--management-port",
                "300");
        assertThat(served)
                .extracting(Config::effective)
                .first()
                .satisfies(effective -> assertThat(effective)
                        .containsEntry("greeting.port", "1")
                        .containsEntry("http.port", "20")
                        .containsEntry("management.port", "300"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void exitsWithWhatTheServiceGives(int code) {
        assertThat(Cli.run(Map.of(), (config, sources) -> code, "serve").code()).isEqualTo(code);
    }

    @Test
    void reportsEverythingWrongWithTheConfiguration() {
        Map<String, String> env = Map.of("GREETER_HTTP_PROT", "1");
        assertThat(Cli.run(env, this::serve, "--port", "x", "--set", "shutdown.grace=5"))
                .isEqualTo(Cli.misused("""
                                greeter serve: environment: GREETER_HTTP_PROT is "1", but there is no such variable; did you mean GREETER_HTTP_PORT?
                                greeter serve: command line --port: greeting.port is "x", allowed: a whole number from 0 to 65535 (0 takes a free one)
                                greeter serve: command line --set shutdown.grace: shutdown.grace is "5", allowed: a duration from 0s to 60m, such as 500ms, 5s or 2m"""));
        assertThat(served).isEmpty();
    }

    @Test
    void reportsAnOptionOfTwoKeysOnce() {
        assertThat(Cli.run(Map.of(), this::serve, "--instances", "300", "--http-port", "70000"))
                .isEqualTo(Cli.misused("""
                                greeter serve: command line --instances: greeting.instances is "300", allowed: auto (one for each two cores) or a whole number from 1 to 256
                                greeter serve: command line --http-port: http.port is "70000", allowed: a whole number from 0 to 65535 (0 takes a free one)"""));
    }

    @Test
    void reportsAFileThatIsNotThere() {
        Cli cli = Cli.run("serve", "--config", "/nowhere/greeter.yaml");
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).startsWith("greeter serve: ").hasLineCount(1);
    }

    @Test
    void reportsAServiceThatFails() {
        Commands.Service broken = (config, sources) -> {
            throw new IllegalStateException("port 1234 is taken");
        };
        Cli cli = Cli.run(Map.of(), broken, "serve");
        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.err())
                .startsWith("greeter serve: failed unexpectedly: java.lang.IllegalStateException: port 1234 is taken at"
                        + " ServeCommandTest.java:")
                .hasLineCount(1);
    }

    private int serve(Config config, ConfigSources sources) {
        served.add(config);
        return 0;
    }
}
