package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import dev.greeter.testing.RawClient;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A log that cannot be written: the service goes on and counts exactly, and says what was lost once it can. */
@Timeout(240)
class LogLossIT {
    private static final int GREETINGS = 300;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    /** A file over the limit of its size takes the start of a line and then nothing, as a full disk does. */
    @Test
    void reportsHowManyLinesWereLostOnceTheFileMayGrowAgain() throws Exception {
        int port = Machine.freePort();
        try (GreeterProcess greeter = run(port, "ulimit -f 16 && exec \"$@\" >> " + folder.resolve("full.log"))) {
            reportsHowManyLinesWereLost(greeter, port, folder.resolve("full.log"));
        }
    }

    @Test
    void reportsHowManyLinesWereLostOnceTheDiskIsNotFullAnyMore() throws Exception {
        Machine.needs(
                new ProcessBuilder(Machine.program("unshare"), "-m", "true")
                                .start()
                                .waitFor()
                        == 0,
                "the right to mount");
        int port = Machine.freePort();
        Path disk = Files.createDirectory(folder.resolve("disk"));
        String mounted = "mount -t tmpfs -o size=16k none " + disk + " && exec \"$@\" >> " + disk.resolve("full.log");
        try (GreeterProcess greeter = run(port, "exec unshare -m bash -c '" + mounted + "' bash \"$@\"")) {
            // the disk is in the process's own view of the file system
            Path log = Path.of("/proc/" + greeter.pid() + "/root" + disk.resolve("full.log"));
            reportsHowManyLinesWereLost(greeter, port, log);
        }
    }

    private static void reportsHowManyLinesWereLost(GreeterProcess greeter, int port, Path log) throws Exception {
        await().atMost(PATIENCE).until(() -> contains(log, "\"ready\""));
        greet(port);
        await().atMost(PATIENCE).until(() -> Files.size(log) == 16 << 10);
        String kept = Files.readString(log);
        FileChannel room = FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try (room) {
            room.truncate(0);
            await().atMost(PATIENCE).until(() -> contains(log, "log lines dropped"));
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
            // by the open file, because the disk may have gone with the process
            assertWrittenOrReported(kept + read(room), GREETINGS);
        }
    }

    /** The service neither waits for the reader nor keeps more than its queue has room for. */
    @Test
    void goesOnWhileTheReaderOfItsLogReadsNothing() throws Exception {
        int greetings = 10_000;
        int port = Machine.freePort();
        int http = Machine.freePort();
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (GreeterProcess greeter = run(port, http, "exec \"$@\" > " + pipe);
                // waits for the process to open the other end
                InputStream reader = new BufferedInputStream(new FileInputStream(pipe.toFile()));
                RawClient client = connect(port)) {
            client.send("GREETING/2\n" + "Hello\n".repeat(greetings)).halfClose();
            assertThat(client.toEnd()).hasLineCount(greetings + 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    greeter.get(http, "/stats?scope=node").body())
                            .contains("\"greeting\":{\"answered\":" + greetings + ","));
            CompletableFuture<byte[]> log = CompletableFuture.supplyAsync(() -> readAll(reader));
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
            assertWrittenOrReported(new String(log.join(), StandardCharsets.UTF_8), greetings);
        }
    }

    /** In time, because the log's last lines wait two seconds for the reader at most. */
    @Test
    void stopsInOrderThoughTheReaderOfItsLogReadsNothing() throws Exception {
        int port = Machine.freePort();
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (GreeterProcess greeter = run(port, "exec \"$@\" > " + pipe);
                InputStream reader = new BufferedInputStream(new FileInputStream(pipe.toFile()));
                RawClient client = connect(port)) {
            client.send("GREETING/2\n" + "Hello\n".repeat(1_000)).halfClose();
            assertThat(client.toEnd()).hasLineCount(1_001);
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
            assertThat(reader.available()).isPositive();
        }
    }

    private static RawClient connect(int port) {
        await().atMost(PATIENCE).until(() -> isListening(port));
        return new RawClient(port);
    }

    private static byte[] readAll(InputStream reader) {
        try {
            return reader.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(FileChannel file) throws IOException {
        file.position(0);
        return new String(Channels.newInputStream(file).readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Every exchange has its line or is one of those that a line reports, and all were counted. */
    private static void assertWrittenOrReported(String log, long greetings) {
        List<JsonObject> lines = log.lines()
                .filter(line -> line.startsWith("{") && line.endsWith("}"))
                .map(JsonObject::new)
                .toList();
        long lost =
                lines.stream().mapToLong(line -> line.getLong("dropped", 0L)).sum();
        long written = lines.stream().filter(line -> line.containsKey("peer")).count();
        assertThat(lost).isPositive();
        assertThat(written + lost).isEqualTo(greetings);
        assertThat(lines)
                .filteredOn(line -> "stopped".equals(line.getString("message")))
                .singleElement()
                .satisfies(line -> assertThat(line.getLong("greeting.answered")).isEqualTo(greetings));
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
            await().atMost(PATIENCE).until(() -> isListening(port));
            greet(port);
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).as(greeter.output()).isZero();
            assertThat(greeter.output()).isEmpty();
        }
    }

    private GreeterProcess run(int port, String command) throws IOException {
        return run(port, 0, command);
    }

    private GreeterProcess run(int port, int http, String command) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> all = new ArrayList<>(List.of(
                "bash", "-c", command, "bash", java, "-Xmx256m", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1"));
        all.addAll(GreeterProcess.archived());
        all.addAll(List.of(
                "--port",
                Integer.toString(port),
                "--http-port",
                Integer.toString(http),
                "--management-port",
                "0",
                "--set",
                "exchangeLog.maxPerSecond=1000000",
                "--set",
                "log.format=json"));
        return GreeterProcess.run(folder, all, Map.of());
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
