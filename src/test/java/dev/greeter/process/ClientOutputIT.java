package dev.greeter.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.GreeterProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar's client commands where what they print is not written. */
class ClientOutputIT {
    private static final String LOST = "greeter: standard output cannot be written\n";

    @TempDir
    static Path folder;

    private static GreeterProcess service;

    @BeforeAll
    static void start() throws Exception {
        service = GreeterProcess.serve(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "get --help",
                "generate-completion",
                "hello",
                "hello --session --count 100000",
                "get",
                "stats",
                "stats --json --watch",
                "stats --over event-bus --watch",
                "health",
                "probe --count 1 --rate max 127.0.0.1:$GREETER_GREETING_PORT",
            })
    void failOnAFullDisk(String command) throws Exception {
        assertThat(bash("greeter " + command + " >/dev/full")).endsWith(LOST + "1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "hello", "get", "stats --watch"})
    void failWithoutAnOutput(String command) throws Exception {
        assertThat(bash("greeter " + command + " >&-")).endsWith(LOST + "1\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "get", "stats --watch", "hello --count 1000000", "hello --session --count 100000000"})
    void endQuietlyWhenTheirReaderHasEnough(String command) throws Exception {
        assertThat(bash("set -o pipefail; greeter " + command + " | head -1 >/dev/null"))
                .isEqualTo("0\n");
    }

    @Test
    void keepsAReportOutOfTheFileThatIsPrintedTo() throws Exception {
        Path out = folder.resolve("out");
        assertThat(bash("greeter probe --count 1 --json /dev/stdout 127.0.0.1:$GREETER_GREETING_PORT >" + out))
                .startsWith("greeter probe: --json: \"/dev/stdout\" has what this command prints already\n")
                .endsWith("\n2\n");
        assertThat(bash("greeter probe --count 1 --json " + out + " 127.0.0.1:$GREETER_GREETING_PORT >" + out))
                .endsWith("\n2\n");
    }

    @Test
    void sendsWhatWasTypedInALocaleOfAscii() throws Exception {
        assertThat(bash("LC_ALL=C greeter get http://127.0.0.1:1/$(printf '\\303\\274')"))
                .isEqualTo("greeter get: http://127.0.0.1:1/%C3%BC: connection refused\n1\n");
        assertThat(bash("LC_ALL=C greeter probe --json $(printf '\\303\\274').json localhost"))
                .startsWith("greeter probe: --json: \"\\xfc.json\" is no file's name in this locale; ")
                .endsWith("\n2\n");
    }

    /** What goes to standard error, and the exit code. */
    private static String bash(String script) throws IOException, InterruptedException {
        String greeter = "options=(\"$@\"); greeter() { java \"${options[@]}\" \"$@\"; }; ";
        ProcessBuilder bash = new ProcessBuilder(
                "bash",
                "-c",
                greeter + "{ " + script + "; } 2>&1; echo $?",
                "bash",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC");
        bash.command().addAll(GreeterProcess.archived());
        bash.environment().put("GREETER_GREETING_PORT", String.valueOf(service.greetingPort()));
        bash.environment().put("GREETER_HTTP_PORT", String.valueOf(service.httpPort()));
        bash.environment().put("GREETER_MANAGEMENT_PORT", String.valueOf(service.managementPort()));
        Process process = bash.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return said;
    }
}
