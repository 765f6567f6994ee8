package dev.greeter.ledger;

import static dev.greeter.ledger.Exchanges.batch;
import static dev.greeter.ledger.Exchanges.greeting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.bus.LocalCodec;
import dev.greeter.bus.Node;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Stats;
import dev.greeter.config.PeerDetail;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As any program on the event bus sees the ledger. */
@ExtendWith(VertxExtension.class)
class LedgerVerticleTest {
    private final Ledger ledger = new Ledger(new Node("greeter-0", "host", "1", Instant.EPOCH), 0);

    private Vertx vertx;

    @BeforeEach
    void deploy(Vertx vertx) {
        this.vertx = vertx;
        LocalCodec.register(vertx.eventBus());
        vertx.deployVerticle(new LedgerVerticle(ledger)).await();
    }

    @Test
    void countsBatchesAndAcknowledgesThem() {
        assertThat(ask("greeter.exchanges", batch("a", 1, greeting(Outcome.ANSWERED, 1))))
                .isNull();
        assertThat(ask("greeter.exchanges", batch("a", 1, greeting(Outcome.ANSWERED, 1))))
                .isNull();
        assertThat(stats(null).totals().greeting()).isEqualTo(new Stats.Tally(1, 0, 0));
    }

    @Test
    void countsABatchThatComesAsJson() {
        ask("greeter.exchanges", batchOf(80));
        assertThat(stats(null).totals().http()).isEqualTo(new Stats.Tally(0, 1, 0));
    }

    private static JsonObject batchOf(long octets) {
        return new JsonObject("""
                {"source": "a", "sequence": 1, "protocol": "http", "connections": 2, "drained": 0, "cut": 0,
                 "exchanges": [{"at": "2026-11-23T06:16:00.000Z", "protocol": "http", "form": "page",
                   "outcome": "refused", "peer": "10.0.0.8:4712", "reason": "405", "octets": %d, "durationMicros": 5}]}
                """.formatted(octets));
    }

    @Test
    void answersForItsNodeAndTheCluster() {
        assertThat(stats(new JsonObject().put("scope", "node")).scope()).isEqualTo(Stats.Scope.NODE);
        assertThat(stats(new JsonObject().put("scope", "cluster")).scope()).isEqualTo(Stats.Scope.CLUSTER);
        assertThat(stats(new JsonObject()).scope()).isEqualTo(Stats.Scope.CLUSTER);
    }

    @Test
    void answersTheNewestExchangesWithTheirNode() {
        ask("greeter.exchanges", batch("a", 1, greeting(Outcome.ANSWERED, 1), greeting(Outcome.FAILED, 2)));
        assertThat(ask("greeter.exchanges.recent", new JsonObject().put("limit", 1)))
                .isEqualTo(new JsonArray("""
                        [{"at": "2026-11-23T06:16:00.250Z", "protocol": "greeting", "form": "session",
                          "outcome": "failed", "peer": "10.0.0.7:4711", "token": "7f3a", "octets": 11,
                          "durationMicros": 2, "node": "greeter-0"}]
                        """));
        assertThat((JsonArray) ask("greeter.exchanges.recent", null)).hasSize(2);
    }

    @Test
    void showsAsMuchOfClientsAsItMayFromNowOn() {
        ask("greeter.exchanges", batch("a", 1, greeting(Outcome.ANSWERED, 1)));
        ledger.show(PeerDetail.MASKED);
        assertThat(newest().getString("peer")).isEqualTo("10.0.0.0/24");
        ledger.show(PeerDetail.NONE);
        assertThat(newest().fieldNames())
                .containsExactly("at", "protocol", "form", "outcome", "token", "octets", "durationMicros", "node");
        ledger.show(PeerDetail.FULL);
        assertThat(newest().getString("peer")).isEqualTo("10.0.0.7:4711");
    }

    private JsonObject newest() {
        return ((JsonArray) ask("greeter.exchanges.recent", null)).getJsonObject(0);
    }

    @Test
    void answersASnapshotWithinTheJvm() {
        ask("greeter.exchanges", batch("a", 1, greeting(Outcome.ANSWERED, 1)));
        assertThat(ask("greeter.ledger.snapshot", null)).isEqualTo(ledger.snapshot());
    }

    @Test
    void publishesStatsEverySecond() {
        Promise<Stats> update = Promise.promise();
        vertx.eventBus()
                .<JsonObject>consumer(
                        "greeter.stats.updates", message -> update.tryComplete(Stats.fromJson(message.body())));
        assertThat(update.future().await().node()).isEqualTo("greeter-0");
    }

    @Test
    void saysWhatIsWrongWithABody() {
        assertRefused(
                "greeter.stats",
                new JsonObject().put("scope", "galaxy"),
                "stats query: scope is galaxy; allowed is cluster or node");
        assertRefused(
                "greeter.stats",
                new JsonObject().put("scop", "node"),
                "stats query: scop is not known; allowed is scope");
        assertRefused("greeter.stats", "node", "stats query: the body is no object");
        assertRefused(
                "greeter.exchanges.recent",
                new JsonObject().put("limit", 1_001),
                "exchanges query: limit is 1001; allowed is a whole number from 1 to 1000");
        assertRefused(
                "greeter.exchanges.recent",
                new JsonObject().put("limit", "x"),
                "exchanges query: limit is x; allowed is a whole number from 1 to 1000");
        assertRefused(
                "greeter.exchanges.recent",
                new JsonObject().put("limit", 5_000_000_000L),
                "exchanges query: limit is 5000000000; allowed is a whole number from 1 to 1000");
        assertRefused("greeter.exchanges", new JsonObject(), "batch: source is missing; allowed is a string");
        assertRefused("greeter.exchanges", new JsonArray(), "batch: the body is no object");
        assertRefused(
                "greeter.exchanges",
                batchOf(80L + Integer.MAX_VALUE),
                "exchange: octets is 2147483727; allowed is a whole number from 0 to 2147483647");
    }

    private void assertRefused(String address, Object body, String message) {
        assertThatThrownBy(() -> ask(address, body)).isInstanceOfSatisfying(ReplyException.class, refused -> {
            assertThat(refused.failureCode()).isEqualTo(400);
            assertThat(refused).hasMessage(message);
        });
    }

    private Stats stats(@Nullable JsonObject query) {
        return Stats.fromJson((JsonObject) ask("greeter.stats", query));
    }

    private Object ask(String address, @Nullable Object body) {
        return vertx.eventBus().request(address, body).await().body();
    }
}
