package dev.greeter.bus;

import dev.greeter.bus.JsonFields.BadMessageException;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * The counts of one run of a node since it started, as the nodes of a cluster share them: its entry of the map {@link
 * Addresses#TALLIES}. Only that run writes it, and it only ever counts up, so of two tallies of one run the one of the
 * higher version has all that the other has.
 *
 * @param run unique for ever, because a node that starts again under the same name counts from 0
 * @param version grows with each change; two tallies of one version differ in {@code at} only
 * @param at when it was made, by the node's own clock; a later one of the same version is a sign of life
 * @param share of a node that is gone, if this is the last tally of its run
 * @param latencyVersion the version of the run's entry of the map {@link Addresses#LATENCIES}; 0 if there is none
 */
public record NodeTally(
        String run,
        long version,
        Instant at,
        Stats.NodeShare share,
        PerProtocol<Stats.Rate> rates,
        long latencyVersion) {

    /** The key of its entry. */
    public String key() {
        return share.node().name() + "/" + run;
    }

    public boolean isLast() {
        return share.state() == Stats.State.GONE;
    }

    /** Whether it has more than another tally of its run, or is a later sign of life. */
    public boolean isAfter(NodeTally other) {
        return version > other.version || (version == other.version && at.isAfter(other.at));
    }

    /** The JSON on the wire. */
    public JsonObject toJson() {
        return new JsonObject()
                .put("run", run)
                .put("version", version)
                .put("at", JsonFields.text(at))
                .put("share", share.toJson())
                .put("rates", rates.toJson(Stats.Rate::toJson))
                .put("latencyVersion", latencyVersion);
    }

    /**
     * The inverse of {@link #toJson}; other fields are ignored.
     *
     * @throws BadMessageException if a field is missing or not of its type
     */
    public static NodeTally fromJson(JsonObject json) {
        JsonFields fields = new JsonFields("tally", json);
        return new NodeTally(
                fields.string("run"),
                fields.count("version"),
                fields.instant("at"),
                Stats.NodeShare.fromJson(fields.object("share")),
                PerProtocol.fromJson(fields.object("rates"), Stats.Rate::fromJson),
                fields.count("latencyVersion"));
    }
}
