package dev.greeter.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signals that ask the jar to stop, as {@code kill} sends them. */
class SignalsIT {
    /** Longer than any test waits. */
    private static final String LONG = "10m";

    /** The tests themselves may run under {@code nohup}, whose children ignore a hangup. */
    private static final List<String> HANGUP = List.of("env", "--default-signal=HUP");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void endTheDelayWithTheSecond(String signal) throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serveBy(HANGUP, folder, "shutdown.delay=" + LONG)) {
            stopBy(greeter, "TERM");
            assertThat(greet(greeter)).isEqualTo("World");
            greeter.signal(signal);
            assertThat(greeter.exitCode()).as(greeter.output()).isZero();
            assertThat(greeter.said("SIG" + signal + " ends the delay")).isTrue();
            assertThat(greeter.line("stopped").getLong("greeting.answered")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LONG, "0s"})
    void endTheGraceWithTheThird(String delay) throws Exception {
        try (GreeterProcess greeter =
                        GreeterProcess.serve(folder, "shutdown.delay=" + delay, "shutdown.grace=" + LONG);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), greeter.httpPort())) {
            keepBusy(greeter, socket);
            stopBy(greeter, "INT");
            greeter.signal("TERM");
            String second = delay.equals(LONG)
                    ? "SIGTERM ends the delay"
                    : "SIGTERM has no delay to end; one more ends the grace period";
            await().until(() -> greeter.said(second));
            assertThat(greeter.said("stopped")).isFalse();
            greeter.signal("INT");
            assertThat(greeter.exitCode()).as(greeter.output()).isEqualTo(3);
            assertThat(greeter.said("SIGINT ends the grace period")).isTrue();
            assertThat(greeter.line("stopped").getLong("cut")).isEqualTo(1);
            assertThat(greeter.output()).doesNotContain("\tat ");
        }
    }

    @Test
    void stopByTheHangupOfATerminalAsByAnyOther() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serveBy(HANGUP, folder)) {
            assertThat(greet(greeter)).isEqualTo("World");
            greeter.signal("HUP");
            assertThat(greeter.exitCode()).as(greeter.output()).isZero();
            assertThat(greeter.said("SIGHUP begins the stop")).isTrue();
            assertThat(greeter.line("stopped").getLong("greeting.answered")).isEqualTo(1);
        }
    }

    @Test
    void areIgnoredWhereTheProcessWasStartedToIgnoreThem() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serveBy(List.of(Machine.program("nohup")), folder)) {
            greeter.signal("HUP");
            assertThat(greet(greeter)).isEqualTo("World");
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).as(greeter.output()).isZero();
            assertThat(greeter.said("SIGHUP begins the stop")).isFalse();
            assertThat(greeter.said("SIGTERM begins the stop")).isTrue();
        }
    }

    /** The start is finished, or not begun; either way the process ends, and nobody waits for a delay. */
    @ParameterizedTest
    @ValueSource(strings = {"configuration", "listening"})
    void stopAStartThatIsUnderWay(String line) throws Exception {
        try (GreeterProcess greeter = GreeterProcess.start(folder, List.of(), "shutdown.delay=" + LONG)) {
            await().until(() -> greeter.said(line));
            greeter.signal("TERM");
            await().until(() -> greeter.said("SIGTERM begins the stop"));
            if (greeter.said("ready")) {
                greeter.signal("TERM");
            }
            assertThat(greeter.exitCode()).as(greeter.output()).isZero();
            assertThat(greeter.output()).doesNotContain("\tat ");
        }
    }

    /** The start had failed before the signal came, and still stops what it had started. */
    @Test
    void leaveTheExitCodeOfAStartThatFails() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = Machine.freePort();
            try (GreeterProcess greeter = GreeterProcess.run(
                    folder,
                    List.of(
                            "--cluster",
                            "--port=" + taken.getLocalPort(),
                            "--http-port=0",
                            "--management-port=0",
                            "--set=greeting.host=127.0.0.1",
                            "--set=cluster.host=127.0.0.1",
                            "--set=cluster.port=" + port,
                            "--set=cluster.eventBusPort=0",
                            "--set=cluster.members=127.0.0.1:" + port))) {
                String failure = "cannot listen on 127.0.0.1:" + taken.getLocalPort()
                        + " (greeting.host, greeting.port): Address already in use";
                await().atMost(Duration.ofMinutes(1)).until(() -> greeter.said(failure));
                greeter.signal("TERM");
                assertThat(greeter.exitCode()).as(greeter.output()).isEqualTo(1);
                assertThat(greeter.output()).doesNotContain("\tat ").containsOnlyOnce(failure);
            }
        }
    }

    @Test
    void endAStartThatWaitsForThePipeOfItsConfiguration() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (GreeterProcess greeter = GreeterProcess.run(folder, List.of("--config", pipe.toString()))) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> greeter.output().contains("still waiting for the end of " + pipe));
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isEqualTo(128 + 15);
            assertThat(greeter.output().lines()).hasSize(1);
        }
    }

    @Test
    void stopAProcessThatWaitsForItsCluster() throws Exception {
        // its name is not known, so nobody is found
        try (GreeterProcess greeter = GreeterProcess.start(
                folder,
                List.of(),
                "shutdown.delay=" + LONG,
                "cluster.enabled=true",
                "cluster.host=127.0.0.1",
                "cluster.port=" + Machine.freePort(),
                "cluster.eventBusPort=0",
                "cluster.dns=nobody.invalid")) {
            await().until(() -> greeter.said("configuration"));
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).as(greeter.output()).isZero();
            assertThat(greeter.said("SIGTERM begins the stop")).isTrue();
        }
    }

    @Test
    void warnThatTheyEndTheProcessAtOnceWhereTheJvmLeavesThemToTheSystem() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.start(folder, List.of("-Xrs"))) {
            greeter.awaitReady();
            assertThat(Stream.of("TERM", "INT", "HUP"))
                    .allSatisfy(name -> assertThat(
                                    greeter.said(
                                            "SIG" + name
                                                    + " would end this process at once, without a drain: the JVM does not handle it (-Xrs)"))
                            .isTrue());
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isEqualTo(128 + 15);
        }
    }

    private static void stopBy(GreeterProcess greeter, String signal) throws Exception {
        greeter.signal(signal);
        await().until(() -> greeter.said("SIG" + signal + " begins the stop") && greeter.said("stopping"));
    }

    private static String greet(GreeterProcess greeter) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), greeter.greetingPort())) {
            socket.getOutputStream().write("Hello".getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** By a request of which a part is missing. */
    private static void keepBusy(GreeterProcess greeter, Socket socket) throws IOException {
        socket.getOutputStream()
                .write("POST / HTTP/1.1\r\nhost: greeter\r\ncontent-length: 5\r\n\r\n".getBytes(ISO_8859_1));
        // this one, and the one that asks
        await().until(() ->
                greeter.stats().getJsonArray("nodes").getJsonObject(0).getInteger("connections") == 2);
    }
}
