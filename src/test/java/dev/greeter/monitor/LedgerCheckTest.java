package dev.greeter.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.LocalCodec;
import dev.greeter.bus.Node;
import dev.greeter.ledger.Ledger;
import dev.greeter.ledger.LedgerVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class LedgerCheckTest {
    private Vertx vertx;
    private Health.Check check;

    @BeforeEach
    void use(Vertx vertx) {
        this.vertx = vertx;
        LocalCodec.register(vertx.eventBus());
        check = LedgerCheck.of(new LedgerClient(vertx.eventBus()));
    }

    @Test
    void isUpWhileTheLedgerAnswers() {
        assertThat(status().isOk()).isFalse();
        assertThat(status().getData()).isEqualTo(new JsonObject().put("cause", "it does not answer"));

        Ledger ledger = new Ledger(new Node("greeter-0", "host", "1", Instant.EPOCH), 0);
        String deployment = vertx.deployVerticle(new LedgerVerticle(ledger)).await();
        assertThat(status().isOk()).isTrue();

        vertx.undeploy(deployment).await();
        assertThat(status().isOk()).isFalse();
    }

    @Test
    void asksOneQuestionAtATime() {
        AtomicInteger asked = new AtomicInteger();
        vertx.eventBus().localConsumer(Addresses.STATS, question -> asked.incrementAndGet());

        Future<Status> first = check.procedure().get();
        for (int i = 0; i < 100; i++) {
            assertThat(check.procedure().get()).isSameAs(first);
        }

        assertThat(first.await().isOk()).isFalse();
        assertThat(asked).hasValue(1);
    }

    private Status status() {
        return check.procedure().get().await();
    }
}
