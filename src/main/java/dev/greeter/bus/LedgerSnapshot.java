package dev.greeter.bus;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that one node's ledger counted since the start, at one moment, so that its numbers agree with each other.
 *
 * @param exchanges each combination once
 * @param durations service time of answered exchanges
 * @param connections how many are open
 * @param drained sessions ended by {@code Bye}
 * @param cut connections cut at the end of the grace period
 * @param suppressed exchanges that have no line of their own in the log
 * @param cluster null if the node is in none
 */
public record LedgerSnapshot(
        List<Count> exchanges,
        PerProtocol<Durations> durations,
        PerProtocol<Long> connections,
        long drained,
        long cut,
        long suppressed,
        @Nullable Cluster cluster) {

    /**
     * What the node knows of its cluster.
     *
     * @param nodes that live, itself among them
     * @param partial whether stats may lack something
     */
    public record Cluster(long nodes, boolean partial) {
        JsonObject toJson() {
            return new JsonObject().put("nodes", nodes).put("partial", partial);
        }

        static Cluster fromJson(JsonObject json) {
            JsonFields members = new JsonFields("ledger snapshot", json);
            return new Cluster(members.count("nodes"), members.bool("partial"));
        }
    }

    /** So many exchanges. */
    public record Count(Protocol protocol, Form form, Outcome outcome, long count) {
        JsonObject toJson() {
            return new JsonObject()
                    .put("protocol", protocol.label())
                    .put("form", form.label())
                    .put("outcome", outcome.label())
                    .put("count", count);
        }

        static Count fromJson(JsonObject json) {
            JsonFields members = new JsonFields("ledger snapshot", json);
            return new Count(
                    members.oneOf("protocol", Protocol.values(), Protocol::label),
                    members.oneOf("form", Form.values(), Form::label),
                    members.oneOf("outcome", Outcome.values(), Outcome::label),
                    members.count("count"));
        }
    }

    /**
     * How long exchanges took.
     *
     * @param counts how many took up to each of {@link #BOUNDS_MICROS} and more than the one before; the last of all how
     *     many took longer
     */
    public record Durations(List<Long> counts, long sumMicros) {
        public static final List<Long> BOUNDS_MICROS = List.of(
                10L,
                25L,
                50L,
                100L,
                250L,
                500L,
                1_000L,
                2_500L,
                5_000L,
                10_000L,
                25_000L,
                50_000L,
                100_000L,
                250_000L,
                500_000L,
                1_000_000L,
                2_500_000L,
                5_000_000L,
                10_000_000L);

        JsonObject toJson() {
            return new JsonObject().put("counts", new JsonArray(counts)).put("sumMicros", sumMicros);
        }

        static Durations fromJson(JsonObject json) {
            JsonFields members = new JsonFields("ledger snapshot", json);
            return new Durations(members.counts("counts", BOUNDS_MICROS.size() + 1), members.count("sumMicros"));
        }
    }

    /** The same, of a node in a cluster. */
    public LedgerSnapshot in(Cluster known) {
        return new LedgerSnapshot(exchanges, durations, connections, drained, cut, suppressed, known);
    }

    public JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put(
                        "exchanges",
                        new JsonArray(exchanges.stream().map(Count::toJson).toList()))
                .put("durations", durations.toJson(Durations::toJson))
                .put("connections", connections.toJson(open -> new JsonObject().put("open", open)))
                .put("drained", drained)
                .put("cut", cut)
                .put("suppressed", suppressed);
        return cluster == null ? json : json.put("cluster", cluster.toJson());
    }

    /**
     * The inverse of {@link #toJson}.
     *
     * @throws BadMessageException if a member is missing or not of its type
     */
    public static LedgerSnapshot fromJson(JsonObject json) {
        JsonFields members = new JsonFields("ledger snapshot", json);
        return new LedgerSnapshot(
                members.objects("exchanges").stream().map(Count::fromJson).toList(),
                PerProtocol.fromJson(members.object("durations"), Durations::fromJson),
                PerProtocol.fromJson(
                        members.object("connections"), open -> new JsonFields("ledger snapshot", open).count("open")),
                members.count("drained"),
                members.count("cut"),
                members.count("suppressed"),
                members.has("cluster") ? Cluster.fromJson(members.object("cluster")) : null);
    }
}
