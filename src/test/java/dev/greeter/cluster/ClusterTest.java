package dev.greeter.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.greeter.config.Config;
import dev.greeter.testing.Machine;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClusterTest {
    private static final String HOST = "127.0.0.1";
    private static final Path FILES = Path.of("src/test/resources/tls");

    private final int port = Machine.freePort();

    @Test
    void hasAMemberUntilTheClusterManagerGivesUp() {
        Cluster cluster = cluster(List.of());
        assertThat(cluster.isMember()).isFalse();
        Vertx vertx = cluster.join(Vertx.builder(), new VertxOptions()).await();
        assertThat(vertx.isClustered()).isTrue();
        assertThat(cluster.isMember()).isTrue();
        instance().orElseThrow().shutdown();
        assertThat(cluster.isMember()).isFalse();
        vertx.close().await();
    }

    /** It takes connections and says nothing, as a process does that stands still. */
    @Test
    void doesNotWaitForEverForWhoDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Cluster cluster = cluster(List.of(HOST + ":" + silent.getLocalPort()));
            assertThatThrownBy(() -> cluster.join(Vertx.builder(), new VertxOptions(), Duration.ofSeconds(2))
                            .await())
                    .hasMessage("cannot join the cluster: the others did not answer within 2 s");
            assertThat(cluster.isMember()).isFalse();
        }
        await("who could join after all, and leaves").until(() -> instance().isEmpty() && Machine.isFree(HOST, port));
    }

    @Test
    void tellsWhichPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> cluster(List.of())
                            .join(Vertx.builder(), new VertxOptions())
                            .await())
                    .hasMessageStartingWith("cannot join the cluster: cannot listen on 127.0.0.1:"
                            + taken.getLocalPort() + " (cluster.host, cluster.port): ");
        }
    }

    /** The bus uses them twice, as a server and as a client, and a pipe can be read once. */
    @Test
    void readsItsCertificatesOnce(@TempDir Path folder) throws Exception {
        List<Thread> writers = new ArrayList<>();
        List<String> pipes = new ArrayList<>();
        for (String name : List.of("node.pem", "node-key.pem", "authority.pem")) {
            Path pipe = folder.resolve(name);
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();
            Thread writer = new Thread(() -> copy(FILES.resolve(name), pipe));
            writer.start();
            writers.add(writer);
            pipes.add(pipe.toString());
        }
        Vertx vertx = cluster(List.of(), new Config.Cluster.BusTls(pipes.get(0), pipes.get(1), pipes.get(2)))
                .join(Vertx.builder(), new VertxOptions())
                .await();
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(vertx.isClustered()).isTrue();
        vertx.close().await();
    }

    private static void copy(Path file, Path pipe) {
        try {
            Files.write(pipe, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void saysWhichFileIsMissing() {
        String none = FILES.resolve("none.pem").toString();
        Config.Cluster.BusTls tls =
                new Config.Cluster.BusTls(FILES.resolve("node.pem").toString(), none, none);
        assertThatThrownBy(() -> cluster(List.of(), tls)
                        .join(Vertx.builder(), new VertxOptions())
                        .await())
                .hasMessage("cannot join the cluster: cluster.tls.key is \"" + none + "\", but there is no such file");
    }

    private Optional<HazelcastInstance> instance() {
        return Hazelcast.getAllHazelcastInstances().stream()
                .filter(each -> each.getCluster().getLocalMember().getAddress().getPort() == port)
                .findAny();
    }

    private Cluster cluster(List<String> members) {
        return cluster(members, new Config.Cluster.BusTls("", "", ""));
    }

    private Cluster cluster(List<String> members, Config.Cluster.BusTls tls) {
        return new Cluster(new Config.Cluster(true, "greeter", HOST, port, 0, members, "", tls));
    }
}
