package dev.greeter.process.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final String FULL_PIPE = "mkfifo \"$1\" && exec 3<>\"$1\" && shift"
            + " && dd if=/dev/zero bs=4096 count=16 >&3 2>/dev/null && exec \"$@\" 2>&3";

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
            List<String> command = new ArrayList<>(
                    List.of("sh", "-c", FULL_PIPE, "sh", folder.resolve("err").toString()));
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(GreeterProcess.archived());
            command.addAll(List.of(
                    "probe",
                    "--forever",
                    "--metrics=127.0.0.1:" + port,
                    "--forms=oneshot",
                    "--rate=100",
                    "127.0.0.1:" + greeter.greetingPort()));
            try (GreeterProcess probe = GreeterProcess.run(folder, command, Map.of())) {
                await().atMost(60, TimeUnit.SECONDS)
                        .ignoreExceptionsMatching(ConnectException.class::isInstance)
                        .until(() -> ProbeProcess.answered(
                                        probe.get(port, "/metrics").body())
                                .stream()
                                .anyMatch(answered -> answered > 1_000));
                assertThat(probe.get(port, "/livez").statusCode()).isEqualTo(200);
                probe.signal("TERM");
                assertThat(probe.exitCode(Duration.ofMinutes(1))).isZero();
                assertThat(probe.output()).contains("within limits: lost 0 of ");
            }
        }
    }
}
