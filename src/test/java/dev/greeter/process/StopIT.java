package dev.greeter.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.GreetingLoad;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jar's stop, as Kubernetes or a developer asks for it. */
class StopIT {
    /** Stops by each signal; more with {@code -Dgreeter.repeat}, as what is rare shows then. */
    private static final int REPEAT = Integer.getInteger("greeter.repeat", 2);

    @TempDir
    Path folder;

    static Stream<String> signals() {
        return Stream.generate(() -> List.of("TERM", "INT")).limit(REPEAT).flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("signals")
    void losesNothingBehindABalancerThatAsksForReadiness(String signal) throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder, "shutdown.delay=2s");
                GreetingLoad load = load(greeter)) {
            int management = greeter.managementPort();
            greeter.signal(signal);
            await().until(() -> greeter.get(management, "/readyz").statusCode() == 503);
            load.stopConnecting();
            assertCountedExactly(greeter, load);
            assertThat(load.turnedAway).isEmpty();
        }
    }

    /** Without a delay, what is in the kernel's queue when the listener closes is reset: it never was with the service. */
    @ParameterizedTest
    @MethodSource("signals")
    void losesNothingThatItHadAcceptedWhenItStopsAtOnce(String signal) throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder);
                GreetingLoad load = load(greeter)) {
            greeter.signal(signal);
            assertCountedExactly(greeter, load);
        }
    }

    private static GreetingLoad load(GreeterProcess greeter) throws IOException {
        GreetingLoad load = new GreetingLoad();
        load.oneShot(4, greeter.greetingPort())
                .sessions(4, greeter.greetingPort())
                .pages(4, greeter.httpPort())
                .pagesKeptAlive(4, greeter.httpPort());
        await().until(() -> load.greeted() > 2_000 && load.got() > 200);
        return load;
    }

    private static void assertCountedExactly(GreeterProcess greeter, GreetingLoad load) throws Exception {
        assertThat(greeter.exitCode()).as(greeter.output()).isZero();
        load.stop();
        JsonObject stopped = greeter.line("stopped");
        assertThat(load.lost).isEmpty();
        assertThat(load.unanswered).isEmpty();
        assertThat(stopped.getLong("greeting.answered"))
                .as("greetings counted, of those that clients read")
                .isEqualTo(load.greeted());
        assertThat(stopped.getLong("http.answered"))
                .as("pages counted, of those that clients read")
                .isEqualTo(load.got());
        assertThat(stopped.getLong("cut")).isZero();
    }

    @Test
    void isNotReadyAtOnceAndServesForTheDelay() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder, "shutdown.delay=2s")) {
            int management = greeter.managementPort();
            assertThat(greeter.get(management, "/readyz").statusCode()).isEqualTo(200);
            greeter.signal("TERM");
            await().until(() -> greeter.get(management, "/readyz").statusCode() == 503);
            assertThat(greeter.get(management, "/livez").statusCode()).isEqualTo(200);
            assertThat(greeter.stats().getJsonArray("nodes").getJsonObject(0).getBoolean("draining"))
                    .isTrue();
            assertThat(greet(greeter)).isEqualTo("World");
            HttpResponse<String> page = greeter.get(greeter.httpPort(), "/");
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("connection")).contains("close");
            assertThat(greeter.exitCode()).isZero();
            assertThat(greeter.line("stopped").getLong("greeting.answered")).isEqualTo(1);
        }
    }

    @Test
    void saysByTheExitCodeThatItCutConnections() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder, "shutdown.grace=500ms");
                Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(4_096);
            deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), greeter.greetingPort()));
            Thread talking = new Thread(() -> {
                try {
                    byte[] lines = "Who\n".repeat(10_000).getBytes(ISO_8859_1);
                    deaf.getOutputStream().write("GREETING/2\n".getBytes(ISO_8859_1));
                    while (true) {
                        deaf.getOutputStream().write(lines);
                    }
                } catch (IOException cut) {
                    // what this is about
                }
            });
            talking.start();
            await().until(() -> talking.getState() == Thread.State.RUNNABLE
                    && greeter.totals("http").size() == 3);
            await().pollDelay(Duration.ofSeconds(2)).until(talking::isAlive);
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).as(greeter.output()).isEqualTo(3);
            assertThat(greeter.line("stopped").getLong("cut")).isEqualTo(1);
            talking.join();
        }
    }

    @Test
    void logsEveryExchangeOnce() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            for (int i = 0; i < 3; i++) {
                assertThat(greet(greeter)).isEqualTo("World");
            }
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
            assertThat(greeter.lines())
                    .filteredOn(line -> "exchange".equals(line.getString("message")))
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line.getString("form")).isEqualTo("oneshot"));
        }
    }

    @Test
    void saysInOneLineThatAPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            try (GreeterProcess greeter = GreeterProcess.run(
                    folder,
                    List.of(
                            "--http-port",
                            "0",
                            "--management-port",
                            "0",
                            "--port",
                            port,
                            "--set",
                            "greeting.host=127.0.0.1"))) {
                assertThat(greeter.exitCode()).isEqualTo(1);
                assertThat(greeter.lines())
                        .last()
                        .satisfies(line -> assertThat(line.getString("message"))
                                .startsWith("cannot listen on 127.0.0.1:" + port + " (greeting.host, greeting.port): ")
                                .contains("Address already in use"));
                assertThat(greeter.output()).doesNotContain("\tat ");
            }
        }
    }

    @Test
    void saysInOneLineWhatIsWrongWithTheConfiguration() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.run(folder, List.of("--set", "greeting.prot=1"))) {
            assertThat(greeter.exitCode()).isEqualTo(2);
            assertThat(greeter.output().lines()).hasSize(1).first().asString().contains("did you mean greeting.port?");
        }
    }

    private static String greet(GreeterProcess greeter) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), greeter.greetingPort())) {
            socket.getOutputStream().write("Hello".getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}
