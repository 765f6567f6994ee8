package dev.greeter.process.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.ClusterNodes;
import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Machine;
import dev.greeter.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that know of each other only that one name has all of their addresses, as a headless Service's has. */
@Timeout(600)
class ClusterDnsIT {
    private static final String NAME = "greeter-nodes.example";
    private static final String[] HOSTS = {"127.0.0.2", "127.0.0.3", "127.0.0.4"};

    /** Clusters that were apart look for each other every 10 s. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    private final List<GreeterProcess> nodes = new ArrayList<>();
    private final int port = Machine.freePort(HOSTS);
    private final int eventBusPort = Machine.freePort(HOSTS);

    @AfterEach
    void close() {
        nodes.forEach(GreeterProcess::close);
    }

    @Test
    void findEachOtherAtOnce() throws Exception {
        name(HOSTS);
        for (String host : HOSTS) {
            start(host);
        }
        awaitLive(HOSTS);
    }

    /** With what the JVM keeps by default, the lack of the name would last for 10 s, and its first address for 30. */
    @Test
    void findEachOtherByANameThatComesLate() throws Exception {
        name();
        GreeterProcess first = start(HOSTS[0]);
        await().atMost(Duration.ofMinutes(1)).until(() -> first.output().contains("waiting until cluster.dns"));
        name(HOSTS[0]);
        await().atMost(Duration.ofMinutes(1)).until(() -> first.said("joining"));
        name(HOSTS[0], HOSTS[1]);
        start(HOSTS[1]);
        awaitLive(HOSTS[0], HOSTS[1]);
        for (GreeterProcess node : nodes) {
            assertThat(node.output()).doesNotContain("does not name");
        }
    }

    /** Nodes that are there need no name any more. One that starts without it serves alone, until the name is back. */
    @Test
    void goOnWithoutTheirNameAndFindWhoCameMeanwhileWhenItIsBack() throws Exception {
        name(HOSTS[0], HOSTS[1]);
        start(HOSTS[0]);
        start(HOSTS[1]);
        awaitLive(HOSTS[0], HOSTS[1]);
        name();
        greet(nodes.get(0));
        greet(nodes.get(1));
        awaitGreetings(2);
        GreeterProcess third = start(HOSTS[2]);
        third.awaitReady();
        assertThat(third.output()).contains("does not name this node's");
        greet(third);
        assertThat(ClusterNodes.live(third.stats())).containsExactly(HOSTS[2]);
        name(HOSTS);
        awaitLive(HOSTS);
        awaitGreetings(3);
    }

    private static void greet(GreeterProcess node) throws IOException {
        try (RawClient client = new RawClient(node.greetingPort())) {
            assertThat(client.send("Hello").toEnd()).isEqualTo("World");
        }
    }

    private void awaitGreetings(long greetings) {
        for (GreeterProcess node : nodes) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ClusterNodes.answered(node.stats(), "greeting"))
                            .isEqualTo(greetings));
        }
    }

    private void name(String... hosts) throws IOException {
        Path whole = Files.writeString(
                folder.resolve("hosts.new"),
                Stream.of(hosts).map(host -> host + " " + NAME + "\n").collect(Collectors.joining()));
        Files.move(whole, folder.resolve("hosts"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private GreeterProcess start(String host) throws IOException {
        GreeterProcess node = GreeterProcess.start(
                folder,
                List.of("-Djdk.net.hosts.file=" + folder.resolve("hosts")),
                "node.name=" + host,
                "cluster.enabled=true",
                "cluster.host=" + host,
                "cluster.port=" + port,
                "cluster.eventBusPort=" + eventBusPort,
                "cluster.dns=" + NAME);
        nodes.add(node);
        return node;
    }

    private void awaitLive(String... hosts) throws IOException {
        for (GreeterProcess node : nodes) {
            node.awaitReady();
        }
        for (GreeterProcess node : nodes) {
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(ClusterNodes.live(node.stats())).containsExactly(hosts));
        }
    }
}
