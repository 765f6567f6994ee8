package dev.greeter.ledger;

import dev.greeter.bus.NodeTally;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Stats;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What this run has to write into the maps of its cluster: only what has changed, and signs of life. */
final class OwnTally {
    /** How often a tally that does not change is written, so that its run is not taken for one that is gone. */
    static final Duration SIGN_OF_LIFE = Duration.ofSeconds(2);

    /** How long histograms that have changed a little may wait. */
    static final Duration LATENCY_INTERVAL = Duration.ofSeconds(10);

    /** Histograms that have grown by more than this part do not wait. */
    private static final int GROWN_MUCH = 10;

    private final Ledger ledger;
    private final String run;
    private long version;
    private @Nullable NodeTally made;
    private boolean written;
    private long writtenNanos;

    private long latencyVersion;
    private long latencyCount;
    private long latencyNanos;
    private boolean latencyWanted;

    /** @param run unique for ever */
    OwnTally(Ledger ledger, String run) {
        this.ledger = ledger;
        this.run = run;
    }

    String key() {
        return ledger.node().name() + "/" + run;
    }

    long version() {
        return version;
    }

    /** The tally that was made last, null if none was made so far. */
    @Nullable
    NodeTally made() {
        return made;
    }

    /**
     * Makes this run's tally of now.
     *
     * @param isRetired whether the tally that was made last is among the retired ones, because this run was taken for dead
     * @return null if there is nothing to write yet
     */
    @Nullable
    NodeTally next(Instant at, long nowNanos, boolean isRetired) {
        NodeTally now = tally(ledger.share(), at, nowNanos);
        NodeTally before = made;
        if (before == null || !written || isRetired || !sameButForTime(now, before)) {
            version++;
            return make(tally(now.share(), at, nowNanos));
        }
        return nowNanos - writtenNanos < SIGN_OF_LIFE.toNanos() ? null : make(now);
    }

    /** Makes this run's last tally. */
    NodeTally last(Instant at, long nowNanos) {
        version++;
        return make(tally(gone(ledger.share()), at, nowNanos));
    }

    /** Records that the tally that was made last is in the map. */
    void written(long nowNanos) {
        written = true;
        writtenNanos = nowNanos;
    }

    /**
     * This run's histograms as the text of an entry, to be written before the next tally, if they have grown by a tenth, have changed
     * and waited for some seconds, or the map has lost them. A histogram of millions of exchanges hardly changes within
     * seconds, and is large.
     *
     * @param isLast whether there is no later time for it
     */
    @Nullable
    String latency(long nowNanos, boolean isLast) {
        long grown = latencyTotal() - latencyCount;
        boolean isDue =
                isLast || grown > latencyCount / GROWN_MUCH || nowNanos - latencyNanos >= LATENCY_INTERVAL.toNanos();
        if (!latencyWanted && (grown == 0 || !isDue)) {
            return null;
        }
        PerProtocol<String> texts = ledger.latency().map(LatencyHistograms::encode);
        return String.join(" ", Long.toString(latencyVersion + 1), texts.greeting(), texts.http());
    }

    /** @param count the value of {@link #latencyTotal} when the histograms were encoded */
    void latencyWritten(long count, long nowNanos) {
        latencyVersion++;
        latencyCount = count;
        latencyNanos = nowNanos;
        latencyWanted = false;
    }

    /** The node that merges has not found this run's histograms. */
    void wantLatency() {
        latencyWanted = true;
    }

    long latencyTotal() {
        Histogram http = ledger.latency().http();
        return ledger.latency().greeting().getTotalCount() + http.getTotalCount();
    }

    private NodeTally make(NodeTally tally) {
        made = tally;
        written = false;
        return tally;
    }

    private NodeTally tally(Stats.NodeShare share, Instant at, long nowNanos) {
        return new NodeTally(
                run, version, at.truncatedTo(ChronoUnit.MILLIS), share, ledger.rates(nowNanos), latencyVersion);
    }

    private static boolean sameButForTime(NodeTally now, NodeTally before) {
        return now.share().equals(before.share())
                && now.rates().equals(before.rates())
                && now.latencyVersion() == before.latencyVersion();
    }

    /** The share of a node that is gone. */
    static Stats.NodeShare gone(Stats.NodeShare share) {
        return new Stats.NodeShare(share.node(), Stats.State.GONE, 0, share.totals());
    }
}
