package dev.greeter.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.Node;
import dev.greeter.ledger.Ledger;
import dev.greeter.ledger.LedgerVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LedgerCheckTest {
    private final Vertx vertx = Vertx.vertx();
    private final HealthCheck check = LedgerCheck.of(new LedgerClient(vertx.eventBus()));

    @AfterEach
    void close() throws Exception {
        get(vertx.close());
    }

    @Test
    void isUpWhileTheLedgerAnswers() throws Exception {
        assertThat(status().isOk()).isFalse();
        assertThat(status().getData()).isEqualTo(new JsonObject().put("cause", "it does not answer"));

        Ledger ledger = new Ledger(new Node("greeter-0", "host", "1", Instant.EPOCH), 0);
        String deployment = get(vertx.deployVerticle(new LedgerVerticle(ledger)));
        assertThat(status().isOk()).isTrue();

        get(vertx.undeploy(deployment));
        assertThat(status().isOk()).isFalse();
    }

    @Test
    void asksOneQuestionAtATime() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        vertx.eventBus().localConsumer(Addresses.STATS, question -> asked.incrementAndGet());

        Future<Status> first = check.procedure().get();
        for (int i = 0; i < 100; i++) {
            assertThat(check.procedure().get()).isSameAs(first);
        }

        assertThat(get(first).isOk()).isFalse();
        assertThat(asked).hasValue(2); // the question, and once more
    }

    private Status status() throws Exception {
        return get(check.procedure().get());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
