package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import dev.greeter.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The jar in a control group with the memory of a pod, where the kernel kills what needs more. */
@Timeout(240)
class MemoryIT {
    private static final Path OPTIONS = Path.of("src/main/docker/java.options");
    private static final long POD_OCTETS = 320L << 20;

    /** More than its limits let in. */
    private static final int CLIENTS = 3_000;

    private final List<RawClient> clients = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path group;

    @BeforeEach
    void makeGroup() throws IOException {
        Path parent = Path.of("/sys/fs/cgroup/memory");
        Machine.needs(Files.isWritable(parent), "a memory controller that may be used (cgroup v1)");
        group = Files.createDirectory(parent.resolve(
                "greeter-%08x".formatted(ThreadLocalRandom.current().nextInt())));
        write("memory.limit_in_bytes", POD_OCTETS);
    }

    @AfterEach
    void close() throws IOException {
        clients.forEach(RawClient::reset);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Files.readString(group.resolve("cgroup.procs")).isEmpty());
        Files.delete(group);
    }

    @Test
    void staysWithinItWithEveryClientThatItLetsIn() throws Exception {
        try (GreeterProcess greeter = serve(podOptions())) {
            assertThat(greeter.line("connection limits lowered to what the process has")
                            .getString("has"))
                    .isEqualTo("48MiB");
            for (int i = 0; i < CLIENTS && greeter.isAlive(); i++) {
                RawClient client = new RawClient(i % 2 == 0 ? greeter.greetingPort() : greeter.httpPort(), 4_096);
                client.trySend(
                        i % 2 == 0
                                ? "GREETING/2\n" + "Who\n".repeat(2_000)
                                : "GET /dashboard HTTP/1.1\r\nhost: a\r\n\r\n");
                clients.add(client);
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            greeter.get(greeter.managementPort(), "/readyz").statusCode() == 200);
            assertThat(read("memory.max_usage_in_bytes")).isLessThan(POD_OCTETS);
            assertThat(read("memory.failcnt")).isZero();
            clients.forEach(RawClient::reset);
            clients.clear();
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).as(greeter.output()).isIn(0, 3);
        }
    }

    /** Nothing in the process can help there; its supervisor starts another. */
    @Test
    void isKilledByTheKernelBeyondIt() throws Exception {
        write("memory.limit_in_bytes", POD_OCTETS / 4);
        try (GreeterProcess greeter = start(List.of("-Xms256m", "-XX:+AlwaysPreTouch"))) {
            assertThat(greeter.exitCode()).isEqualTo(128 + 9);
        }
    }

    /** Those that are for Java 17 too. */
    private static List<String> podOptions() throws IOException {
        try (Stream<String> lines = Files.lines(OPTIONS)) {
            return lines.filter(line -> line.startsWith("-XX:Max") || line.equals("-XX:+UseSerialGC"))
                    .toList();
        }
    }

    private GreeterProcess serve(List<String> options) throws IOException {
        GreeterProcess greeter = start(options);
        greeter.awaitReady();
        return greeter;
    }

    private GreeterProcess start(List<String> options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(GreeterProcess.archived());
        for (String port : List.of("--port", "--http-port", "--management-port")) {
            command.addAll(List.of(port, "0"));
        }
        return GreeterProcess.run(folder, command, Map.of());
    }

    private long read(String file) throws IOException {
        return Long.parseLong(Files.readString(group.resolve(file)).strip());
    }

    private void write(String file, long value) throws IOException {
        Files.writeString(group.resolve(file), Long.toString(value));
    }
}
