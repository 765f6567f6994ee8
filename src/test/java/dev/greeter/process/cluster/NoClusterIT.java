package dev.greeter.process.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.ClusterNodes;
import dev.greeter.testing.GreeterProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node without a cluster does not have, and a node with one has. */
@Timeout(240)
class NoClusterIT {
    private static final String[] ONLY_FOR_A_CLUSTER = {"com.hazelcast", "io.vertx.spi.cluster", "dev.greeter.cluster"};

    @TempDir
    Path folder;

    @Test
    void loadsNoClassOfIt() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.start(folder, List.of("-Xlog:class+load=info:stdout"))) {
            greeter.awaitReady();
            assertThat(greeter.stats().getString("scope")).isEqualTo("cluster");
            assertThat(greeter.output())
                    .contains(" dev.greeter.ledger.LedgerVerticle ")
                    .doesNotContain(ONLY_FOR_A_CLUSTER);
        }
    }

    @Test
    void listensOnTheThreePortsThatItTellsAndNoOther() throws Exception {
        try (GreeterProcess greeter = GreeterProcess.serve(folder)) {
            assertThat(greeter.proc().listening())
                    .containsExactlyInAnyOrder(greeter.greetingPort(), greeter.httpPort(), greeter.managementPort());
        }
    }

    @Test
    void loadsItForACluster() throws Exception {
        try (ClusterNodes one = new ClusterNodes(folder, List.of("a"), "exchangeLog.maxPerSecond=0")) {
            one.start("a");
            one.awaitLive("a");
            GreeterProcess node = one.node("a");
            assertThat(node.proc().listening())
                    .hasSize(5)
                    .contains(node.greetingPort(), node.httpPort(), node.managementPort(), one.port("a"));
            assertThat(node.get(node.managementPort(), "/readyz").body())
                    .contains("{\"id\":\"cluster\",\"status\":\"UP\"}");
        }
    }
}
