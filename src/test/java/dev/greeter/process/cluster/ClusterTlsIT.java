package dev.greeter.process.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.example.StatsOfCluster;
import dev.greeter.testing.ClusterNodes;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that speak mutual TLS on the event bus, and who may speak with them. */
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTlsIT {
    private static final String FILES = "src/test/resources/tls/";

    private ClusterNodes cluster;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        cluster = new ClusterNodes(
                folder,
                List.of("a", "b"),
                "cluster.tls.certificate=" + FILES + "node.pem",
                "cluster.tls.key=" + FILES + "node-key.pem",
                "cluster.tls.trust=" + FILES + "authority.pem");
        cluster.start("a", "b");
        cluster.awaitLive("a", "b");
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @Test
    void answersWhoHasACertificateOfItsAuthority() {
        try (StatsOfCluster program = StatsOfCluster.join(cluster.members(), tls("node", "authority"))) {
            assertThat(program.ask().await().getString("scope")).isEqualTo("cluster");
        }
    }

    @Test
    void isDeafToWhoHasNoCertificate() {
        assertRefused(new EventBusOptions());
        assertRefused(tls("node", "authority").setKeyCertOptions(null));
    }

    @Test
    void isDeafToWhoHasACertificateOfAnotherAuthority() {
        assertRefused(tls("stranger", "authority"));
    }

    /** The other way round: a program does not send what it has to say to nodes that it does not trust. */
    @Test
    void isNotSpokenToByWhoTrustsAnotherAuthority() {
        assertRefused(tls("node", "stranger"));
    }

    private void assertRefused(EventBusOptions bus) {
        try (StatsOfCluster program = StatsOfCluster.join(cluster.members(), bus)) {
            assertThatThrownBy(() -> program.ask().await()).isInstanceOf(ReplyException.class);
        }
    }

    private static EventBusOptions tls(String certificate, String trust) {
        return new EventBusOptions()
                .setSsl(true)
                .setTrustAll(false)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(FILES + certificate + ".pem")
                        .addKeyPath(FILES + certificate + "-key.pem"))
                .setTrustOptions(new PemTrustOptions().addCertPath(FILES + trust + ".pem"));
    }
}
