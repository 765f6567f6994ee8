package dev.greeter.process.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What stands still on the probe's own side, the process or who reads its output, is not charged to the target. */
@Timeout(240)
class ProbeStandsStillIT {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Standard error is a pipe that is full, and stays so. */
    private static final String FULL_PIPE =
            "mkfifo err && exec 3<>err && dd if=/dev/zero bs=4096 count=16 >&3 2>/dev/null" + " && exec \"$@\" 2>&3";

    @TempDir
    Path folder;

    @Test
    void catchesUpAfterAPauseAtAPaceThatItsTargetTakes() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder, "greeting.maxConnections=200");
                ProbeProcess probe = ProbeProcess.start(
                        folder,
                        "--forever",
                        "--metrics=127.0.0.1:0",
                        "--forms=oneshot",
                        "--rate=400",
                        "127.0.0.1:" + greeter.greetingPort())) {
            probe.awaitAnswered(200);
            probe.signal("STOP");
            await().pollDelay(PAUSE).until(() -> true);
            probe.signal("CONT");
            probe.awaitAnswered(1_600);
            assertThat(probe.end("TERM")).as(probe.output()).isBetween(0, 1);
            JsonObject form = probe.report().getJsonArray("forms").getJsonObject(0);
            assertThat(form.getLong("stalledMicros")).isGreaterThan(PAUSE.toMillis() * 1_000 / 2);
            // at once these 800 would be 600 too many; a busy machine is too slow even for twice the rate
            assertThat(form.getLong("lost")).as(probe.output()).isLessThan(300);
            assertThat(Set.of("stalled", "rejected"))
                    .containsAll(form.getJsonObject("losses").fieldNames());
        }
    }

    @Test
    void goesOnWhileNobodyReadsItsProgress() throws Exception {
        int port = Machine.freePort();
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            Path out = folder.resolve("out");
            Process probe = new ProcessBuilder(
                            "sh",
                            "-c",
                            FULL_PIPE,
                            "sh",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-jar",
                            GreeterProcess.jar(),
                            "probe",
                            "--forever",
                            "--metrics=127.0.0.1:" + port,
                            "--forms=oneshot",
                            "--rate=100",
                            "127.0.0.1:" + greeter.greetingPort())
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .start();
            try {
                await().atMost(60, TimeUnit.SECONDS)
                        .ignoreExceptionsMatching(ConnectException.class::isInstance)
                        .until(() -> answered(port) > 1_000);
                assertThat(ask(port, "/livez").statusCode()).isEqualTo(200);
                new ProcessBuilder("kill", "-TERM", Long.toString(probe.pid()))
                        .start()
                        .waitFor();
                assertThat(probe.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(probe.exitValue()).isZero();
                assertThat(Files.readString(out)).contains("within limits: lost 0 of ");
            } finally {
                probe.destroyForcibly().waitFor();
            }
        }
    }

    private static double answered(int port) throws Exception {
        List<Double> answered = ask(port, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("greeter_probe_answered_total{"))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
        return answered.isEmpty() ? 0 : answered.get(0);
    }

    private static HttpResponse<String> ask(int port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
