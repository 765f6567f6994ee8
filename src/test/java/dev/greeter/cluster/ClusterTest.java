package dev.greeter.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.greeter.Machine;
import dev.greeter.config.Config;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClusterTest {
    private static final String HOST = "127.0.0.1";

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

    private Optional<HazelcastInstance> instance() {
        return Hazelcast.getAllHazelcastInstances().stream()
                .filter(each -> each.getCluster().getLocalMember().getAddress().getPort() == port)
                .findAny();
    }

    private Cluster cluster(List<String> members) {
        return new Cluster(
                new Config.Cluster(true, "greeter", HOST, port, 0, members, "", new Config.Cluster.Tls("", "", "")));
    }
}
