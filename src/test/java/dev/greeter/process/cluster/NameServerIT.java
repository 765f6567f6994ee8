package dev.greeter.process.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** On a machine whose own name is in no file, and whose name server never answers: nobody may wait for it. */
@Timeout(240)
class NameServerIT {
    private static final String HOST = "somewhere-else";

    /** A network of its own with an address that takes datagrams and answers none. */
    private static final String MACHINE = "hostname " + HOST
            + " && ip link set lo up && ip link add silent type veth peer name end && ip link set end up"
            + " && ip address add 192.0.2.2/24 dev silent && ip link set silent up"
            + " && ip neighbour add 192.0.2.1 lladdr 02:00:00:00:00:01 nud permanent dev silent"
            + " && mount --bind \"$1\" /etc/resolv.conf && mount --bind \"$2\" /etc/hosts"
            + " && unset HOSTNAME && shift 2 && exec \"$@\"";

    @TempDir
    Path folder;

    private List<String> machine() throws Exception {
        String unshare = Machine.program("unshare");
        Machine.program("ip");
        Machine.needs(
                new ProcessBuilder(unshare, "-n", "-m", "-u", "true").start().waitFor() == 0,
                "the right to make namespaces");
        Path resolver = Files.writeString(folder.resolve("resolv.conf"), "nameserver 192.0.2.1\n");
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
        return List.of(unshare, "-n", "-m", "-u", "sh", "-c", MACHINE, "sh", resolver.toString(), hosts.toString());
    }

    @Test
    void isAskedByNobody() throws Exception {
        try (GreeterProcess greeter =
                GreeterProcess.serveBy(machine(), folder, "greeting.host=localhost", "http.host=127.0.0.1")) {
            assertThat(asked(greeter)).isZero();
            String page = "http://127.0.0.1:" + greeter.httpPort();
            String greeting = "localhost:" + greeter.greetingPort();
            assertThat(command(greeter, "stats", page)).contains(HOST);
            assertThat(command(greeter, "hello", greeting)).contains("World");
            assertThat(command(greeter, "get", page)).contains("Hello");
            assertThat(command(greeter, "health", "http://localhost:" + greeter.managementPort()))
                    .contains("UP");
            assertThat(command(greeter, "probe", "--rate", "10", "--duration", "1s", greeting, page))
                    .contains("within limits");
            assertThat(asked(greeter)).isZero();
        }
    }

    @Test
    void isAskedByNoNodeThatKnowsTheOthersByAddress() throws Exception {
        try (GreeterProcess greeter =
                GreeterProcess.serveBy(machine(), folder, "cluster.enabled=true", "cluster.members=127.0.0.1:5701")) {
            assertThat(greeter.line("cluster").getString("nodes")).isEqualTo(HOST);
            assertThat(asked(greeter)).isZero();
        }
    }

    private String command(GreeterProcess greeter, String... arguments) throws Exception {
        List<String> command = Stream.concat(
                        Stream.of(
                                Machine.program("nsenter"),
                                "-n",
                                "-m",
                                "-u",
                                "-t",
                                Long.toString(greeter.pid()),
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-jar",
                                Path.of(GreeterProcess.jar()).toAbsolutePath().toString()),
                        Stream.of(arguments))
                .toList();
        try (GreeterProcess client = GreeterProcess.run(folder, command, Map.of())) {
            assertThat(client.exitCode()).as(client.output()).isZero();
            return client.output();
        }
    }

    /** How many datagrams were sent on the machine. */
    private static long asked(GreeterProcess greeter) throws Exception {
        List<String> udp = Files.readAllLines(Path.of("/proc/" + greeter.pid() + "/net/snmp")).stream()
                .filter(line -> line.startsWith("Udp:"))
                .toList();
        int sent = List.of(udp.get(0).split(" ", -1)).indexOf("OutDatagrams");
        return Long.parseLong(udp.get(1).split(" ", -1)[sent]);
    }
}
