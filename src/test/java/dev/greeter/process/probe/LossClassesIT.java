package dev.greeter.process.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real kernel refuses, each by its class: routes that lead nowhere, ports and descriptors that ran out. */
@Timeout(240)
class LossClassesIT {
    private static final String ROUTES = "ip link set lo up && ip route add prohibit 192.0.2.1"
            + " && ip route add blackhole 192.0.2.2 && ip route add unreachable 192.0.2.3 && exec \"$@\"";

    /** Nothing answers at 192.0.2.1, and the kernel gives up after three seconds. */
    private static final String SILENCE = "ip link set lo up && ip link add silent type veth peer name end"
            + " && ip link set end up && ip link set silent up && ip addr add 192.0.2.9/24 dev silent"
            + " && ip neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev silent"
            + " && echo 1 > /proc/sys/net/ipv4/tcp_syn_retries && exec \"$@\"";

    /** HAProxy waits for octets that never come, so each connection keeps its port. */
    private static final String TWO_PORTS = "ip link set lo up && haproxy -D -p pid -f silent.cfg"
            + " && echo '40000 40001' > /proc/sys/net/ipv4/ip_local_port_range"
            + " && \"$@\"; code=$?; kill $(cat pid); exit $code";

    private static final String SILENT = """
            defaults
              mode tcp
              timeout client 1m
              timeout connect 1m
              timeout server 1m
            frontend silent
              bind 127.0.0.1:1234
              tcp-request inspect-delay 1m
              tcp-request content reject if WAIT_END
            """;

    @TempDir
    private Path folder;

    @Test
    void namesRoutesThatLeadNowhere() throws Exception {
        String report = inNetwork(
                ROUTES, "--count", "2", "192.0.2.1:1234", "192.0.2.2:1234", "192.0.2.3:1234", "192.0.2.4:1234");
        assertThat(report.lines().filter(line -> line.startsWith("lost ")))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).endsWith(": unreachable 2"));
    }

    @ParameterizedTest
    @CsvSource({
        "hello 192.0.2.1:1234, 192.0.2.1:1234: unreachable (Permission denied)",
        "get http://192.0.2.2/, http://192.0.2.2/: unreachable (Invalid argument)",
        "health http://192.0.2.3/, http://192.0.2.3/readyz: no route to host",
        "stats --over event-bus 192.0.2.4, "
                + "http://192.0.2.4/eventbus/websocket: unreachable (Network is unreachable)"
    })
    void namesRoutesThatLeadNowhereToACommand(String command, String line) throws Exception {
        assertThat(inNetwork(ROUTES + " 2>&1", List.of(command.split(" "))))
                .isEqualTo("greeter " + command.substring(0, command.indexOf(" ")) + ": " + line + "\n");
    }

    @Test
    void namesAConnectThatTheKernelWouldGiveUp() throws Exception {
        assertThat(inNetwork(SILENCE, "--count", "2", "--rate", "10", "--timeout", "20s", "192.0.2.1:1234"))
                .contains("lost oneshot: timeout 2\n");
        assertThat(inNetwork(SILENCE + " 2>&1", List.of("hello", "--timeout", "20s", "192.0.2.1:1234")))
                .isEqualTo("greeter hello: 192.0.2.1:1234: timed out\n");
    }

    @Test
    void namesPortsThatRanOutAsTheProbesOwn() throws Exception {
        Machine.program("haproxy");
        Files.writeString(folder.resolve("silent.cfg"), SILENT);
        String report = inNetwork(TWO_PORTS, "--count", "20", "--rate", "200", "--timeout", "2s", "127.0.0.1:1234");
        // the rehearsal before the run may have left one of the two in TIME_WAIT
        assertThat(report)
                .containsPattern("lost oneshot: timeout [12], local 1[89]\n")
                .contains("no port left");
    }

    @Test
    void namesDescriptorsThatRanOutAsTheProbesOwn() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            String report = run(List.of(
                    "sh",
                    "-c",
                    "ulimit -n 100 && exec \"$@\"",
                    "sh",
                    java(),
                    "-jar",
                    System.getProperty("greeter.jar"),
                    "probe",
                    "--forms",
                    "session",
                    "--connections",
                    "200",
                    "--rate",
                    "max",
                    "--count",
                    "100000",
                    "127.0.0.1:" + greeter.greetingPort()));
            assertThat(report.lines().filter(line -> line.startsWith("lost ")))
                    .allSatisfy(line -> assertThat(line).matches("lost session: local [0-9,]+"));
            assertThat(report).contains("lost session: local", "no socket left");
        }
    }

    private String inNetwork(String network, String... arguments) throws Exception {
        return inNetwork(
                network,
                Stream.concat(Stream.of("probe", "--forms", "oneshot"), Stream.of(arguments))
                        .toList());
    }

    private String inNetwork(String network, List<String> arguments) throws Exception {
        String unshare = Machine.program("unshare");
        Machine.program("ip");
        Machine.needs(new ProcessBuilder(unshare, "-n", "true").start().waitFor() == 0, "the right to make namespaces");
        List<String> command = new ArrayList<>(List.of(unshare, "-n", "sh", "-c", network, "sh", java(), "-jar"));
        command.add(System.getProperty("greeter.jar"));
        command.addAll(arguments);
        return run(command);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private String run(List<String> command) throws Exception {
        Path out = Files.createTempFile(folder, "report", ".txt");
        Process probe = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(probe.waitFor()).isEqualTo(1);
        return Files.readString(out, UTF_8);
    }
}
