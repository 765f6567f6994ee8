package dev.greeter.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar in a control group with the memory of a pod, where the kernel kills what needs more. */
@Timeout(240)
class MemoryIT {
    private static final Path OPTIONS = Path.of("src/main/docker/java.options");
    private static final long POD_OCTETS = 512L << 20;

    /** More than its limits let in. */
    private static final int CLIENTS = 3_000;

    /** More than the kernel takes, so that it is the controller of memory that decides. */
    private static final long NO_LIMIT = 1L << 40;

    /** Sends on and on, and never reads. */
    private static final class Client {
        private final SocketChannel socket;
        private final ByteBuffer unsent;

        Client(int port, ByteBuffer octets) throws IOException {
            socket = SocketChannel.open()
                    .setOption(StandardSocketOptions.SO_RCVBUF, 4_096)
                    .setOption(StandardSocketOptions.SO_LINGER, 0);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.configureBlocking(false);
            unsent = octets.duplicate();
        }

        /** Returns how many octets the kernel has taken. */
        int send() {
            try {
                return socket.write(unsent);
            } catch (IOException refused) {
                // or reset, because it takes nothing
                return 0;
            }
        }
    }

    private final List<Client> clients = new ArrayList<>();

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
        // without a limit, version 1 does not count the kernel's buffers of connections
        write("memory.kmem.tcp.limit_in_bytes", NO_LIMIT);
    }

    @AfterEach
    void close() throws IOException {
        reset();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Files.readString(group.resolve("cgroup.procs")).isEmpty());
        Files.delete(group);
    }

    /** With the pod's direct memory, and with half of it. */
    @ParameterizedTest
    @ValueSource(ints = {48, 24})
    void staysWithinItWithEveryClientThatItLetsIn(int directMebibytes) throws Exception {
        List<String> options = new ArrayList<>(podOptions());
        assertThat(options).contains("-XX:MaxDirectMemorySize=48m");
        options.add("-XX:MaxDirectMemorySize=" + directMebibytes + "m");
        try (GreeterProcess greeter = serve(options)) {
            assertThat(greeter.line("connection limits lowered to what the process has")
                            .getString("has"))
                    .isEqualTo(directMebibytes + "MiB");
            ByteBuffer lines = octets("GREETING/2\n" + "Who\n".repeat(1_000_000));
            ByteBuffer requests = octets("GET /dashboard/uplot.js HTTP/1.1\r\nhost: a\r\n\r\n".repeat(10_000));
            for (int i = 0; i < CLIENTS; i += 2) {
                clients.add(new Client(greeter.greetingPort(), lines));
                clients.add(new Client(greeter.httpPort(), requests));
            }
            await().atMost(Duration.ofMinutes(2)).until(this::allAreStuck);
            assertThat(greeter.isAlive()).isTrue();
            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            greeter.get(greeter.managementPort(), "/readyz").statusCode() == 200);
            // version 2 counts them together
            assertThat(read("memory.max_usage_in_bytes") + read("memory.kmem.tcp.max_usage_in_bytes"))
                    .isLessThan(POD_OCTETS);
            assertThat(read("memory.failcnt")).isZero();
            reset();
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).as(greeter.output()).isIn(0, 3);
            assertThat(greeter.stackTraces()).isEmpty();
        }
    }

    private static ByteBuffer octets(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII)).asReadOnlyBuffer();
    }

    /** Whether the kernel takes no more of any client. */
    private boolean allAreStuck() {
        return clients.stream().mapToInt(Client::send).sum() == 0;
    }

    private void reset() throws IOException {
        for (Client client : clients) {
            client.socket.close();
        }
        clients.clear();
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
