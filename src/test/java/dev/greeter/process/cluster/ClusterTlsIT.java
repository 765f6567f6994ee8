package dev.greeter.process.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.example.StatsOfCluster;
import dev.greeter.testing.ClusterNodes;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    private final Queue<StatsOfCluster> programs = new ConcurrentLinkedQueue<>();
    private ClusterNodes cluster;
    private Future<JsonObject> answerWithCertificate;
    private Future<JsonObject> answerWithoutTls;
    private Future<JsonObject> answerWithoutCertificate;
    private Future<JsonObject> answerWithCertificateOfAnotherAuthority;
    private Future<JsonObject> answerTrustingAnotherAuthority;

    /** All ask at once: one that is not answered asks for ten seconds. */
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
        answerWithCertificate = ask(tls("node", "authority"));
        answerWithoutTls = ask(new EventBusOptions());
        answerWithoutCertificate = ask(tls("node", "authority").setKeyCertOptions(null));
        answerWithCertificateOfAnotherAuthority = ask(tls("stranger", "authority"));
        answerTrustingAnotherAuthority = ask(tls("node", "stranger"));
    }

    private Future<JsonObject> ask(EventBusOptions bus) {
        return Future.fromCompletionStage(
                        CompletableFuture.supplyAsync(() -> StatsOfCluster.join(cluster.members(), bus)))
                .onSuccess(programs::add)
                .compose(StatsOfCluster::ask);
    }

    @AfterAll
    void close() {
        programs.forEach(StatsOfCluster::close);
        cluster.close();
    }

    @Test
    void answersWhoHasACertificateOfItsAuthority() {
        assertThat(answerWithCertificate.await().getString("scope")).isEqualTo("cluster");
    }

    @Test
    void isDeafToWhoHasNoCertificate() {
        assertRefused(answerWithoutTls);
        assertRefused(answerWithoutCertificate);
    }

    @Test
    void isDeafToWhoHasACertificateOfAnotherAuthority() {
        assertRefused(answerWithCertificateOfAnotherAuthority);
    }

    /** The other way round: a program does not send what it has to say to nodes that it does not trust. */
    @Test
    void isNotSpokenToByWhoTrustsAnotherAuthority() {
        assertRefused(answerTrustingAnotherAuthority);
    }

    private static void assertRefused(Future<JsonObject> answer) {
        assertThatThrownBy(answer::await).isInstanceOf(ReplyException.class);
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
