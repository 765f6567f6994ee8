package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that know of each other only that one name has all of their addresses, as a headless Service's has. */
@Timeout(240)
class ClusterDnsIT {
    private static final String NAME = "greeter-nodes.example";
    private static final String[] HOSTS = {"127.0.0.2", "127.0.0.3", "127.0.0.4"};

    @Test
    void findEachOtherAtOnce(@TempDir Path folder) throws Exception {
        Path hosts = Files.writeString(
                folder.resolve("hosts"),
                Stream.of(HOSTS).map(host -> host + " " + NAME + "\n").collect(Collectors.joining()));
        int port = Machine.freePort(HOSTS);
        int eventBusPort = Machine.freePort(HOSTS);
        List<GreeterProcess> nodes = new ArrayList<>();
        try {
            for (String host : HOSTS) {
                nodes.add(GreeterProcess.start(
                        folder,
                        List.of("-Djdk.net.hosts.file=" + hosts),
                        "node.name=" + host,
                        "cluster.enabled=true",
                        "cluster.host=" + host,
                        "cluster.port=" + port,
                        "cluster.eventBusPort=" + eventBusPort,
                        "cluster.dns=" + NAME));
            }
            for (GreeterProcess node : nodes) {
                node.awaitReady();
            }
            for (GreeterProcess node : nodes) {
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() ->
                                assertThat(ClusterNodes.live(node.stats())).containsExactly(HOSTS));
            }
        } finally {
            nodes.forEach(GreeterProcess::close);
        }
    }
}
