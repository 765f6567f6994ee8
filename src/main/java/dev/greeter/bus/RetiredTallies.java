package dev.greeter.bus;

import dev.greeter.bus.JsonFields.BadMessageException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The counts of runs that are long gone, in a few octets for each, so that restarts do not fill the cluster with entries:
 * the only entry of the map {@link Addresses#RETIRED_TALLIES}. Every node may write it, because each {@linkplain #join
 * joins} what it writes with what was there.
 *
 * @param since runs that retired before it are no longer distinct; a whole hour
 * @param base the sum of their counts
 * @param runs those that retired later, by their keys
 * @param latency of all of them: for each protocol an HdrHistogram of microseconds, compressed, in Base64
 */
public record RetiredTallies(
        Instant since, PerProtocol<Stats.Tally> base, SortedMap<String, Run> runs, PerProtocol<String> latency) {

    /** How long runs stay distinct: the longest time for which nodes may be parted and still add up exactly. */
    public static final Duration DISTINCT = Duration.ofHours(24);

    private static final PerProtocol<Stats.Tally> NO_COUNTS = PerProtocol.of(protocol -> new Stats.Tally(0, 0, 0));

    public static final RetiredTallies NONE =
            new RetiredTallies(Instant.EPOCH, NO_COUNTS, new TreeMap<>(), PerProtocol.of(protocol -> ""));

    private static final Comparator<RetiredTallies> LATER = Comparator.<RetiredTallies, Instant>comparing(
                    RetiredTallies::since)
            .thenComparingLong(RetiredTallies::baseTotal);

    private static final Comparator<RetiredTallies> MEASURED_MORE = Comparator.comparingLong(RetiredTallies::total)
            .thenComparing(retired -> retired.latency().toString());

    /**
     * The last counts of one run.
     *
     * @param version the version of the tally that they come from
     * @param retiredAt when the run retired, by the clock of the node that leads
     */
    public record Run(long version, Instant retiredAt, PerProtocol<Stats.Tally> totals) {
        /** Two nodes may retire the same tally: then the earlier one counts. */
        private static final Comparator<Run> NEWER =
                Comparator.comparingLong(Run::version).thenComparing(Run::retiredAt, Comparator.reverseOrder());

        private JsonObject toJson() {
            return new JsonObject()
                    .put("version", version)
                    .put("foldedAt", JsonFields.text(retiredAt))
                    .put("totals", totals.toJson(Stats.Tally::toJson));
        }

        private static Run fromJson(JsonObject json) {
            JsonFields fields = new JsonFields("folded tally", json);
            return new Run(
                    fields.count("version"),
                    fields.instant("foldedAt"),
                    PerProtocol.fromJson(fields.object("totals"), Stats.Tally::fromJson));
        }

        private Run join(Run other) {
            return NEWER.compare(this, other) >= 0 ? this : other;
        }
    }

    public RetiredTallies {
        runs = Collections.unmodifiableSortedMap(new TreeMap<>(runs));
    }

    /**
     * All runs of both, each once. Commutative, associative and idempotent, as long as no two nodes were parted for longer
     * than {@link #DISTINCT}; if they were, no run counts twice. The latency is that of the one that has more runs, because
     * merged histograms are not distinct.
     */
    public RetiredTallies join(RetiredTallies other) {
        RetiredTallies later = LATER.compare(this, other) >= 0 ? this : other;
        SortedMap<String, Run> joined = new TreeMap<>(runs);
        other.runs.forEach((key, run) -> joined.merge(key, run, Run::join));
        joined.values().removeIf(run -> run.retiredAt.isBefore(later.since));
        return new RetiredTallies(
                later.since, later.base, joined, MEASURED_MORE.compare(this, other) >= 0 ? latency : other.latency);
    }

    /** These and more runs, which have this latency together. */
    public RetiredTallies plus(Map<String, Run> more, PerProtocol<String> latencyOfAll) {
        SortedMap<String, Run> all = new TreeMap<>(runs);
        more.forEach((key, run) -> all.merge(key, run, Run::join));
        return new RetiredTallies(since, base, all, latencyOfAll);
    }

    /**
     * The same, but runs that retired longer than {@link #DISTINCT} ago are no longer distinct.
     *
     * @param back keys of runs that were suspended, not ended, and have written a newer tally since
     */
    public RetiredTallies collapse(Instant now, Set<String> back) {
        Instant then = now.minus(DISTINCT).truncatedTo(ChronoUnit.HOURS);
        // a node that has a run of that time has the base of that time too, so no node starts a base that lacks a run
        if (runs.values().stream().noneMatch(run -> run.retiredAt.isBefore(then))) {
            return this;
        }
        PerProtocol<Stats.Tally> sum = base;
        SortedMap<String, Run> later = new TreeMap<>();
        for (Map.Entry<String, Run> run : runs.entrySet()) {
            if (!run.getValue().retiredAt.isBefore(then)) {
                later.put(run.getKey(), run.getValue());
            } else if (!back.contains(run.getKey())) {
                sum = sum.merge(run.getValue().totals, Stats.Tally::plus);
            }
        }
        return new RetiredTallies(then, sum, later, latency);
    }

    /** The version of the tally of a retired run, 0 if the run is not among them. */
    public long version(String key) {
        Run run = runs.get(key);
        return run == null ? 0 : run.version;
    }

    private long baseTotal() {
        return sum(base);
    }

    private long total() {
        return baseTotal()
                + runs.values().stream().mapToLong(run -> sum(run.totals)).sum();
    }

    private static long sum(PerProtocol<Stats.Tally> totals) {
        return totals.greeting().total() + totals.http().total();
    }

    /** The JSON on the wire. */
    public JsonObject toJson() {
        JsonObject byKey = new JsonObject();
        runs.forEach((key, run) -> byKey.put(key, run.toJson()));
        return new JsonObject()
                .put("since", JsonFields.text(since))
                .put("base", base.toJson(Stats.Tally::toJson))
                .put("runs", byKey)
                .put("latency", latency.toJson(histogram -> histogram));
    }

    /**
     * The inverse of {@link #toJson}; other fields are ignored.
     *
     * @throws BadMessageException if a field is missing or not of its type
     */
    public static RetiredTallies fromJson(JsonObject json) {
        JsonFields fields = new JsonFields("folded tallies", json);
        JsonFields runs = new JsonFields("folded tallies", fields.object("runs"));
        JsonFields latency = new JsonFields("folded tallies", fields.object("latency"));
        SortedMap<String, Run> byKey = new TreeMap<>();
        for (String key : fields.object("runs").fieldNames()) {
            byKey.put(key, Run.fromJson(runs.object(key)));
        }
        return new RetiredTallies(
                fields.instant("since"),
                PerProtocol.fromJson(fields.object("base"), Stats.Tally::fromJson),
                byKey,
                PerProtocol.of(protocol -> latency.string(protocol.label())));
    }
}
