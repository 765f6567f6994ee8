package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that cannot be written: the service goes on and counts exactly, and says what was lost once it can. */
class LogLossIT {
    private static final int GREETINGS = 300;

    @TempDir
    Path folder;

    /** A file over the limit of its size takes the start of a line and then nothing, as on a full disk. */
    @Test
    void reportsHowManyLinesWereLostOnceThereIsRoomAgain() throws Exception {
        Path log = folder.resolve("full.log");
        int port = Machine.freePort();
        try (GreeterProcess greeter = run(port, "ulimit -f 16 && exec \"$@\" >> " + log)) {
            await().until(() -> contains(log, "\"ready\""));
            greet(port);
            await().until(() -> Files.size(log) == 16 << 10);
            String kept = Files.readString(log);
            try (FileChannel room = FileChannel.open(log, StandardOpenOption.WRITE)) {
                room.truncate(0);
            }
            await().until(() -> contains(log, "log lines dropped"));
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
            List<JsonObject> after = Files.readString(log)
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .map(JsonObject::new)
                    .toList();
            long lost = after.stream()
                    .mapToLong(line -> line.getLong("dropped", 0L))
                    .sum();
            long written = kept.lines()
                            .filter(line -> line.contains("\"peer\"") && line.endsWith("}"))
                            .count()
                    + after.stream().filter(line -> line.containsKey("peer")).count();
            assertThat(written + lost).isEqualTo(GREETINGS);
            assertThat(after)
                    .filteredOn(line -> "stopped".equals(line.getString("message")))
                    .singleElement()
                    .satisfies(line ->
                            assertThat(line.getInteger("greeting.answered")).isEqualTo(GREETINGS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"> /dev/full", ">&-", "| true"})
    void servesAndStopsInOrderWithoutALog(String stdout) throws Exception {
        int port = Machine.freePort();
        String command = stdout.startsWith("|")
                // the process that is signalled is the service
                ? "exec \"$@\" > >(" + stdout.substring(1) + ")"
                : "exec \"$@\" " + stdout;
        try (GreeterProcess greeter = run(port, command)) {
            await().until(() -> isListening(port));
            greet(port);
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).as(greeter.output()).isZero();
            assertThat(greeter.output()).isEmpty();
        }
    }

    private GreeterProcess run(int port, String command) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return GreeterProcess.run(
                folder,
                List.of(
                        "bash",
                        "-c",
                        command,
                        "bash",
                        java,
                        "-Xmx256m",
                        "-XX:-UsePerfData",
                        "-jar",
                        GreeterProcess.jar(),
                        "--port",
                        Integer.toString(port),
                        "--http-port",
                        "0",
                        "--management-port",
                        "0",
                        "--set",
                        "exchangeLog.maxPerSecond=1000000",
                        "--set",
                        "log.format=json"),
                Map.of());
    }

    private static boolean contains(Path log, String text) throws IOException {
        return Files.exists(log) && Files.readString(log).contains(text);
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void greet(int port) throws IOException {
        for (int i = 0; i < GREETINGS; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write("Hello".getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("World");
            }
        }
    }
}
