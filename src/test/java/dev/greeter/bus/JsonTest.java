package dev.greeter.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.bus.Stats.Latency;
import dev.greeter.bus.Stats.NodeShare;
import dev.greeter.bus.Stats.Rate;
import dev.greeter.bus.Stats.State;
import dev.greeter.bus.Stats.Tally;
import dev.greeter.ledger.Exchanges;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What crosses the event bus reads back as it was written. */
class JsonTest {
    private static final Exchange EXCHANGE = Exchanges.greeting(Outcome.ANSWERED, 7);
    private static final Exchange REFUSED = new Exchange(
            Exchanges.AT, Protocol.HTTP, Form.PAGE, Outcome.REFUSED, "[::1]:1", null, "405", 80, Long.MAX_VALUE);
    private static final ExchangeBatch BATCH =
            new ExchangeBatch("source", 7, Protocol.GREETING, 3, 2, 1, List.of(EXCHANGE, REFUSED));
    private static final Tally TALLY = new Tally(1, 2, 3);
    private static final Stats STATS = new Stats(
            Stats.Scope.CLUSTER,
            "greeter-0",
            Exchanges.AT,
            new PerProtocol<>(TALLY, new Tally(0, 0, Long.MAX_VALUE)),
            new PerProtocol<>(new Rate(1.5, 0.25), new Rate(0, 0)),
            new PerProtocol<>(new Latency(1, 2, 3, 4), new Latency(5, 6, 7, 8)),
            Arrays.stream(State.values()).map(JsonTest::share).toList(),
            true);

    @Test
    void anExchange() {
        assertThat(Exchange.fromJson(reread(EXCHANGE.toJson()))).isEqualTo(EXCHANGE);
        assertThat(Exchange.fromJson(reread(REFUSED.toJson()))).isEqualTo(REFUSED);
    }

    @Test
    void aBatch() {
        JsonObject json = new JsonObject("""
                {"source": "source", "sequence": 7, "protocol": "greeting", "connections": 3, "drained": 2, "cut": 1}
                """)
                .put("exchanges", new JsonArray().add(EXCHANGE.toJson()).add(REFUSED.toJson()));
        assertThat(ExchangeBatch.from(reread(json))).isEqualTo(BATCH);
        assertThat(ExchangeBatch.from(BATCH)).isSameAs(BATCH);
    }

    @Test
    void stats() {
        assertThat(Stats.fromJson(reread(STATS.toJson()))).isEqualTo(STATS);
    }

    @Test
    void aTally() {
        NodeTally tally = new NodeTally(
                "run", 7, Exchanges.AT, share(State.DRAINING), new PerProtocol<>(new Rate(1, 2), new Rate(3, 4)), 3);
        assertThat(NodeTally.fromJson(reread(tally.toJson()))).isEqualTo(tally);
    }

    @Test
    void retiredTallies() {
        RetiredTallies retired = new RetiredTallies(
                Exchanges.AT,
                new PerProtocol<>(TALLY, TALLY),
                new TreeMap<>(Map.of("a/1", new RetiredTallies.Run(7, Exchanges.AT, new PerProtocol<>(TALLY, TALLY)))),
                new PerProtocol<>("one", ""));
        assertThat(RetiredTallies.fromJson(reread(retired.toJson()))).isEqualTo(retired);
        assertThat(RetiredTallies.fromJson(reread(RetiredTallies.NONE.toJson())))
                .isEqualTo(RetiredTallies.NONE);
    }

    @Test
    void queries() {
        assertThat(StatsQuery.fromJson(new StatsQuery(Stats.Scope.NODE).toJson()))
                .isEqualTo(new StatsQuery(Stats.Scope.NODE));
        assertThat(RecentQuery.fromJson(new RecentQuery(7).toJson())).isEqualTo(new RecentQuery(7));
        assertThat(RecentQuery.fromJson(null)).isEqualTo(new RecentQuery(50));
    }

    @Test
    void whatIsNotOfItsTypeIsToldByName() {
        assertThatThrownBy(() -> Exchange.fromJson(EXCHANGE.toJson().put("octets", -1)))
                .isInstanceOf(BadMessageException.class)
                .hasMessage("exchange: octets is -1; allowed is a whole number from 0 on");
        assertThatThrownBy(() -> Exchange.fromJson(EXCHANGE.toJson().put("at", "noon")))
                .hasMessage("exchange: at is noon; allowed is a time such as 2026-11-23T06:16:00.000Z");
        assertThatThrownBy(() -> Stats.fromJson(new JsonObject().put("scope", "node")))
                .hasMessage("stats: node is missing; allowed is a string");
    }

    @Test
    void aFlagIsTrueOrFalse() {
        assertThatThrownBy(() -> Stats.fromJson(STATS.toJson().put("partial", "yes")))
                .isInstanceOf(BadMessageException.class)
                .hasMessage("stats: partial is yes; allowed is true or false");
        JsonObject stats = reread(STATS.toJson());
        stats.getJsonArray("nodes").getJsonObject(0).putNull("draining");
        assertThatThrownBy(() -> Stats.fromJson(stats))
                .isInstanceOf(BadMessageException.class)
                .hasMessage("stats: draining is missing; allowed is true or false");
    }

    @Test
    void whatIsWrongIsShownInOneShortLine() {
        assertThatThrownBy(() -> Stats.fromJson(
                        new JsonObject().put("scope", "a\n\u001b[31m\u202e\ud83d" + "x".repeat(100_000))))
                .hasMessage("stats: scope is a\\u000a\\u001b[31m\\u202e\\ud83d" + "x".repeat(91)
                        + "…; allowed is cluster or node");
        assertThatThrownBy(() -> StatsQuery.fromJson(new JsonObject().put("\u2028" + "y".repeat(100_000), 1)))
                .hasMessage("stats query: \\u2028" + "y".repeat(99) + "… is not known; allowed is scope");
    }

    private static NodeShare share(State state) {
        return new NodeShare(
                new Node("greeter-0", "host", "1", Instant.EPOCH), state, 9, new PerProtocol<>(TALLY, TALLY));
    }

    private static JsonObject reread(JsonObject json) {
        return new JsonObject(json.encode());
    }
}
