package dev.greeter.bus;

import dev.greeter.bus.JsonFields.BadMessageException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * The counts of a node or of its cluster, as any node reports them.
 *
 * @param node the node that reports
 * @param at when it reports
 * @param rates exchanges a second, of any outcome
 * @param latency service time of answered exchanges since the start
 * @param nodes the share of each node
 * @param partial whether a part of the cluster does not answer, or ended without its last counts; on the wire only if true
 */
public record Stats(
        Scope scope,
        String node,
        Instant at,
        PerProtocol<Tally> totals,
        PerProtocol<Rate> rates,
        PerProtocol<Latency> latency,
        List<NodeShare> nodes,
        boolean partial) {

    /** The counts of all nodes, or only those of the node that reports. */
    public enum Scope {
        CLUSTER("cluster"),
        NODE("node");

        private final String label;

        Scope(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /** The number of exchanges that ended in each {@link Outcome}. */
    public record Tally(long answered, long refused, long failed) {
        public long total() {
            return answered + refused + failed;
        }

        public Tally plus(Tally other) {
            return new Tally(answered + other.answered, refused + other.refused, failed + other.failed);
        }

        JsonObject toJson() {
            return new JsonObject()
                    .put("answered", answered)
                    .put("refused", refused)
                    .put("failed", failed);
        }

        static Tally fromJson(JsonObject json) {
            JsonFields fields = new JsonFields("stats", json);
            return new Tally(fields.count("answered"), fields.count("refused"), fields.count("failed"));
        }
    }

    /** Exchanges a second: over the last whole second, and over the last sixty. */
    public record Rate(double lastSecond, double lastMinute) {
        public Rate plus(Rate other) {
            return new Rate(lastSecond + other.lastSecond, lastMinute + other.lastMinute);
        }

        JsonObject toJson() {
            return new JsonObject().put("1s", lastSecond).put("1m", lastMinute);
        }

        static Rate fromJson(JsonObject json) {
            JsonFields fields = new JsonFields("stats", json);
            return new Rate(fields.number("1s"), fields.number("1m"));
        }
    }

    /** Percentiles of service time in microseconds. */
    public record Latency(long p50, long p90, long p99, long max) {
        JsonObject toJson() {
            return new JsonObject()
                    .put("p50", p50)
                    .put("p90", p90)
                    .put("p99", p99)
                    .put("max", max);
        }

        static Latency fromJson(JsonObject json) {
            JsonFields fields = new JsonFields("stats", json);
            return new Latency(fields.count("p50"), fields.count("p90"), fields.count("p99"), fields.count("max"));
        }
    }

    /** The phases of a node's life. */
    public enum State {
        LIVE("live"),
        /** Still answering, and asking clients to go elsewhere. */
        DRAINING("draining"),
        GONE("gone");

        private final String label;

        State(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /**
     * One node and what it counted.
     *
     * @param state on the wire {@code live}, which is false of a node that is gone, and {@code draining}, only if true
     */
    public record NodeShare(Node node, State state, long connections, PerProtocol<Tally> totals) {
        JsonObject toJson() {
            JsonObject json = new JsonObject()
                    .put("node", node.name())
                    .put("host", node.host())
                    .put("version", node.version())
                    .put("live", state != State.GONE);
            if (state == State.DRAINING) {
                json.put("draining", true);
            }
            return json.put("startedAt", JsonFields.text(node.startedAt()))
                    .put("connections", connections)
                    .put("totals", totals.toJson(Tally::toJson));
        }

        static NodeShare fromJson(JsonObject json) {
            JsonFields fields = new JsonFields("stats", json);
            return new NodeShare(
                    new Node(
                            fields.string("node"),
                            fields.string("host"),
                            fields.string("version"),
                            fields.instant("startedAt")),
                    state(fields.bool("live"), fields.flag("draining")),
                    fields.count("connections"),
                    PerProtocol.fromJson(fields.object("totals"), Tally::fromJson));
        }

        private static State state(boolean live, boolean draining) {
            if (!live) {
                return State.GONE;
            }
            return draining ? State.DRAINING : State.LIVE;
        }
    }

    public JsonObject toJson() {
        JsonArray shares = new JsonArray();
        nodes.forEach(share -> shares.add(share.toJson()));
        JsonObject json = new JsonObject()
                .put("scope", scope.label())
                .put("node", node)
                .put("at", JsonFields.text(at))
                .put("totals", totals.toJson(Tally::toJson))
                .put("rates", rates.toJson(Rate::toJson))
                .put("latency", latency.toJson(Latency::toJson))
                .put("nodes", shares);
        return partial ? json.put("partial", true) : json;
    }

    /**
     * The inverse of {@link #toJson}; other fields are ignored.
     *
     * @throws BadMessageException if a field is missing or not of its type
     */
    public static Stats fromJson(JsonObject json) {
        JsonFields fields = new JsonFields("stats", json);
        return new Stats(
                fields.oneOf("scope", Scope.values(), Scope::label),
                fields.string("node"),
                fields.instant("at"),
                PerProtocol.fromJson(fields.object("totals"), Tally::fromJson),
                PerProtocol.fromJson(fields.object("rates"), Rate::fromJson),
                PerProtocol.fromJson(fields.object("latency"), Latency::fromJson),
                fields.objects("nodes").stream().map(NodeShare::fromJson).toList(),
                fields.flag("partial"));
    }
}
