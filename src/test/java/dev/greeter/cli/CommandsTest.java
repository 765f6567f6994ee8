package dev.greeter.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    @ParameterizedTest
    @ValueSource(strings = {"serve", "hello", "get", "stats", "health", "probe", "generate-completion"})
    void explainsEachCommand(String command) throws Exception {
        assertThat(Cli.run(command, "--help")).isEqualTo(Cli.done(golden("help-" + command + ".txt")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help"})
    void explainsItself(String option) throws Exception {
        assertThat(Cli.run(option)).isEqualTo(Cli.done(golden("help.txt")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-V", "--version"})
    void reportsItsVersion(String option) {
        assertThat(Cli.run(option)).isEqualTo(Cli.done("greeter development\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "helo               | greeter: Unmatched argument at index 0: 'helo'; did you mean hello?",
                "hello --cuont=1    | greeter hello: Unknown option: '--cuont=1'; did you mean --count?",
                "hello a b          | greeter hello: Unmatched argument at index 2: 'b'",
                "hello --count      | greeter hello: Missing required parameter for option '--count' (N)",
                "get --timeout      | greeter get: Missing required parameter for option '--timeout' (DURATION)",
                "stats --over=smoke | greeter stats: --over: \"smoke\" is none of http, event-bus",
                "--prot=1           | greeter serve: Unknown option: '--prot=1'; did you mean --port?",
                "serve --set=faults.token:sesame | greeter serve: --set: \"faults.token...\" is not KEY=VALUE, such as shutdown.grace=30s",
                "serve --set=x      | greeter serve: --set: \"x\" is not KEY=VALUE, such as shutdown.grace=30s",
                "serve 1234         | greeter serve: Unmatched argument at index 1: '1234'",
            })
    void reportsWrongUsage(String commandLine, String line) {
        String command = line.substring(0, line.indexOf(':'));
        assertThat(Cli.run(commandLine.split(" "))).isEqualTo(Cli.misused(line + "\nTry '" + command + " --help'."));
    }

    @Test
    void completesInBash(@TempDir Path dir) throws Exception {
        Cli cli = Cli.run("generate-completion");
        assertThat(cli.code()).isZero();
        assertThat(cli.err()).isEmpty();
        Path script = Files.writeString(dir.resolve("greeter_completion"), cli.out());
        String complete = """
                source '%s' || exit
                COMP_WORDS=(greeter stats --scope ''); COMP_CWORD=3; COMP_LINE='greeter stats --scope '
                _complete_greeter 2>&-; echo "${COMPREPLY[@]}"
                COMP_WORDS=(greeter h); COMP_CWORD=1; COMP_LINE='greeter h'
                _complete_greeter 2>&-; echo "${COMPREPLY[@]}\"""".formatted(script);
        assertThat(bash("-n", script.toString())).isEmpty();
        assertThat(bash("-c", complete)).isEqualTo("cluster node\nhello health\n");
    }

    private static String bash(String... args) throws Exception {
        ProcessBuilder bash = new ProcessBuilder("bash");
        bash.command().addAll(List.of(args));
        Process process = bash.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static String golden(String name) throws Exception {
        try (InputStream file = Objects.requireNonNull(CommandsTest.class.getResourceAsStream("/cli/" + name), name)) {
            return new String(file.readAllBytes(), UTF_8);
        }
    }
}
