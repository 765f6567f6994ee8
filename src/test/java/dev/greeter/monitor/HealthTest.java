package dev.greeter.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.LedgerClient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class HealthTest {
    @Test
    void hasChecksOfTheClusterInAClusterOnly(Vertx vertx) {
        Health alone = Health.of(new Readiness(), new EventLoops(), new LedgerClient(vertx.eventBus()));
        Health together = alone.inCluster(() -> true, () -> true);

        assertThat(ids(alone.live())).containsExactly("event-loop");
        assertThat(ids(alone.ready())).containsExactly("ready", "ledger");
        assertThat(ids(alone.started())).containsExactly("started");
        assertThat(ids(together.live())).containsExactly("event-loop", "cluster");
        assertThat(ids(together.ready())).containsExactly("ready", "ledger", "cluster");
        assertThat(ids(together.started())).containsExactly("started");
    }

    @Test
    void saysWhyANodeIsNotInItsCluster() {
        AtomicBoolean up = new AtomicBoolean();
        Health health = new Health(List.of(), List.of(), List.of()).inCluster(up::get, up::get);

        assertThat(status(health.live()).getData())
                .isEqualTo(new JsonObject().put("cause", "it is out of the cluster until it is started again"));
        assertThat(status(health.ready()).getData())
                .isEqualTo(new JsonObject().put("cause", "the other nodes are not known yet"));
        up.set(true);
        assertThat(status(health.live()).isOk()).isTrue();
        assertThat(status(health.ready()).isOk()).isTrue();
    }

    private static List<String> ids(List<Health.Check> checks) {
        return checks.stream().map(Health.Check::id).toList();
    }

    private static Status status(List<Health.Check> checks) {
        return checks.get(0).procedure().get().await();
    }
}
