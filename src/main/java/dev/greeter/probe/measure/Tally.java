package dev.greeter.probe.measure;

import dev.greeter.bus.LedgerSnapshot.Durations;
import dev.greeter.config.value.HostPort;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts what becomes of one scenario's exchanges. Used by one thread. All memory is bounded, however long it runs. */
public final class Tally {
    /** Longer latencies count as this, an hour in microseconds. */
    private static final long MAX_MICROS = 3_600_000_000L;

    private static final int SIGNIFICANT_DIGITS = 3;
    private static final int MAX_CODES = 256;
    private static final String OTHER_CODES = "(others)";

    /** A gap ends an outage, or a node's span; with rare exchanges it takes some of them to know. */
    private static final long MIN_GAP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int GAP_INTERVALS = 20;

    private final Scenario scenario;
    private final long startNanos;
    private final Histogram micros = new Histogram(MAX_MICROS, SIGNIFICANT_DIGITS);
    private final Histogram recentMicros = new Histogram(MAX_MICROS, SIGNIFICANT_DIGITS);
    private final Map<Loss.Kind, Long> losses = new EnumMap<>(Loss.Kind.class);
    private final Map<String, Long> rejected = new TreeMap<>();
    private final Map<String, Long> tls = new TreeMap<>();
    private final Map<String, Long> addresses = new TreeMap<>();
    private final TimelineRecorder timeline = new TimelineRecorder();
    private final Outages outages;
    private final NodeShares nodes;
    private boolean up = true;
    private long answeredNanos;
    private long lostNanos;
    private long sent;
    private long answered;
    private long sumMicros;
    private long lost;
    private long moved;
    private long unsent;
    private long late;
    private long unsolicited;
    private long connections;
    private long behind;
    private long stalledNanos;
    private long maxLagNanos;
    private @Nullable CertificatesEnd certificatesEnd;

    /**
     * @param perSecond the fixed rate of an open loop
     * @param startNanos when its scenario begins
     */
    public Tally(Scenario scenario, OptionalDouble perSecond, RunClock clock, long startNanos) {
        this.scenario = scenario;
        this.startNanos = startNanos;
        long gap =
                Math.max(MIN_GAP_NANOS, (long) (GAP_INTERVALS * TimeUnit.SECONDS.toNanos(1) / perSecond.orElse(1e9)));
        Instant startedAt = clock.at(startNanos);
        this.outages = new Outages(startedAt, gap);
        this.nodes = new NodeShares(startedAt, gap);
    }

    /** Of a scenario that has not begun. */
    public static Tally empty(Scenario scenario) {
        return new Tally(scenario, OptionalDouble.empty(), new RunClock(Instant.EPOCH, 0), 0);
    }

    public void sent() {
        sent++;
    }

    public void moved(long lines) {
        moved += lines;
    }

    public void unsent() {
        unsent++;
    }

    public void late() {
        late++;
    }

    /** An answer came that no exchange waited for. */
    public void unsolicited() {
        unsolicited++;
    }

    public void connecting(InetAddress address) {
        count(addresses, HostPort.text(address));
    }

    public void connected() {
        connections++;
    }

    /** The newest connection over TLS was made. */
    public void certificatesEnd(CertificatesEnd end) {
        certificatesEnd = end;
    }

    public void behind() {
        behind++;
    }

    /** The probe itself stood still. */
    public void stalled(long nanos) {
        stalledNanos += nanos;
        maxLagNanos = Math.max(maxLagNanos, nanos);
    }

    /**
     * Counts an exchange that was answered rightly and in time.
     *
     * @param fromNanos from when the exchange's time counts
     * @param tookNanos without the time in which the probe itself stood still
     */
    public void answered(long fromNanos, long atNanos, long tookNanos, @Nullable String node) {
        up = true;
        answeredNanos = atNanos;
        answered++;
        long latency = Math.max(0, Math.min(MAX_MICROS, TimeUnit.NANOSECONDS.toMicros(tookNanos)));
        sumMicros += latency;
        micros.recordValue(latency);
        recentMicros.recordValue(latency);
        timeline.answered(fromNanos - startNanos, latency);
        if (node != null) {
            nodes.answered(node, atNanos - startNanos);
        }
    }

    public void lost(long fromNanos, Loss loss) {
        up = false;
        lostNanos = System.nanoTime();
        lost++;
        losses.merge(loss.kind(), 1L, Long::sum);
        if (loss.code() != null) {
            count(loss.kind() == Loss.Kind.TLS ? tls : rejected, loss.code());
        }
        long from = fromNanos - startNanos;
        timeline.lost(from, loss.kind());
        outages.lost(loss, from);
    }

    private static void count(Map<String, Long> byName, String name) {
        boolean known = byName.containsKey(name) || byName.size() < MAX_CODES;
        byName.merge(known ? name : OTHER_CODES, 1L, Long::sum);
    }

    /** Returns how far the scenario is; the next call counts from this one on. */
    public Progress progress() {
        Progress progress =
                new Progress(sent, answered, lost, recentMicros.getTotalCount(), recentMicros.getValueAtPercentile(99));
        recentMicros.reset();
        return progress;
    }

    /** Returns the counts and latencies by now. */
    public LiveCounts live() {
        return new LiveCounts(
                scenario,
                counts(),
                up,
                since(answered, answeredNanos),
                since(lost, lostNanos),
                Durations.counts(micros, LiveCounts.BOUNDS_MICROS),
                Duration.of(sumMicros, ChronoUnit.MICROS),
                nodes.answered(),
                Optional.ofNullable(certificatesEnd));
    }

    private Counts counts() {
        return new Counts(
                sent,
                answered,
                moved,
                unsent,
                late,
                connections,
                unsolicited,
                behind,
                Duration.ofNanos(stalledNanos),
                new EnumMap<>(losses),
                new TreeMap<>(rejected),
                new TreeMap<>(tls));
    }

    private static Optional<Duration> since(long count, long nanos) {
        return count == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(System.nanoTime() - nanos));
    }

    /** Returns all that was measured so far. */
    public ScenarioResult result() {
        return new ScenarioResult(
                scenario,
                counts(),
                new TreeMap<>(addresses),
                outages.list(),
                outages.leftOut(),
                Optional.ofNullable(certificatesEnd),
                Latency.of(micros),
                nodes.list(),
                Duration.ofNanos(maxLagNanos),
                timeline.timeline());
    }
}
