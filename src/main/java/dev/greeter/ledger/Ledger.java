package dev.greeter.ledger;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeBatch;
import dev.greeter.bus.Form;
import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.LedgerSnapshot.Durations;
import dev.greeter.bus.Node;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.RecentQuery;
import dev.greeter.bus.Stats;
import dev.greeter.bus.Stats.State;
import dev.greeter.config.PeerDetail;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One node's counts. It outlives the verticle that feeds it, so a restarted {@link LedgerVerticle} goes on where the one
 * before stopped. Used by one thread at a time, except for {@link #drain} and {@link #logAtMost}.
 */
@SuppressWarnings("EnumOrdinal") // an index that lives no longer than the process, on the hot path
public final class Ledger {
    /** The most sources whose sequence is remembered: instances of this node's servers, past ones included. */
    private static final int MAX_SOURCES = 4_096;

    private final Node node;
    private final ExchangeLog log;
    private final long[][][] counts = new long[Protocol.values().length][Form.values().length][Outcome.values().length];
    private final PerProtocol<Histogram> latency = PerProtocol.of(protocol -> LatencyHistograms.create());
    private final long[] answeredMicros = new long[Protocol.values().length];
    private final PerProtocol<RateMeter> rates = PerProtocol.of(protocol -> new RateMeter());
    private final @Nullable Exchange[] recent = new @Nullable Exchange[RecentQuery.MAX_LIMIT];
    private final Map<String, Source> sources = new BoundedSources();
    private long recorded;
    private long drained;
    private long cut;
    private volatile boolean draining;
    private volatile PeerDetail peers = PeerDetail.FULL;

    /** The last batch of one server instance. */
    private record Source(Protocol protocol, long sequence, long connections) {}

    /** Forgets the source that was silent for longest. */
    private static final class BoundedSources extends LinkedHashMap<String, Source> {
        private static final long serialVersionUID = 1L;

        BoundedSources() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Source> eldest) {
            return size() > MAX_SOURCES;
        }
    }

    public Ledger(Node node, int loggedPerSecond) {
        this.node = node;
        this.log = new ExchangeLog(node.name(), loggedPerSecond);
    }

    /** Changes how many exchanges are logged one by one in each second, from the next on. Any thread may call. */
    public void logAtMost(int perSecond) {
        log.logAtMost(perSecond);
    }

    /** Changes what is shown of clients from now on, of earlier exchanges too. Any thread may call. */
    public void show(PeerDetail changed) {
        peers = changed;
    }

    PeerDetail shownPeers() {
        return peers;
    }

    Node node() {
        return node;
    }

    /** Reports its node as draining from now on. Any thread may call. */
    public void drain() {
        draining = true;
    }

    /**
     * Counts and logs a batch, unless it was counted before. A failure leaves it counted as a whole, or not at all; either way
     * it may come again.
     */
    public void count(ExchangeBatch batch, long nowNanos) {
        Source known = sources.get(batch.source());
        if (known != null && batch.sequence() <= known.sequence()) {
            return;
        }
        Exchange[] exchanges = batch.exchanges().toArray(new Exchange[0]);
        sources.put(batch.source(), new Source(batch.protocol(), batch.sequence(), batch.connections()));
        // from here to the log nothing fails: numbers are added in memory that is there already
        drained += batch.drained();
        cut += batch.cut();
        int next;
        for (int first = 0; first < exchanges.length; first = next) {
            next = endOfSame(exchanges, first);
            count(exchanges[first], next - first, nowNanos);
        }
        for (int first = 0; first < exchanges.length; first = next) {
            next = endOfSame(exchanges, first);
            log.log(exchanges[first], next - first, nowNanos);
        }
    }

    /** Pipelined requests are often answered by one write, and differ in nothing. */
    private static int endOfSame(Exchange[] exchanges, int first) {
        int next = first + 1;
        while (next < exchanges.length && exchanges[next].equals(exchanges[first])) {
            next++;
        }
        return next;
    }

    private void count(Exchange exchange, int times, long nowNanos) {
        Protocol protocol = exchange.protocol();
        Outcome outcome = exchange.outcome();
        counts[protocol.ordinal()][exchange.form().ordinal()][outcome.ordinal()] += times;
        rates.get(protocol).count(times, nowNanos);
        if (outcome == Outcome.ANSWERED) {
            // a histogram has no place below zero
            long micros = Math.max(0, Math.min(exchange.durationMicros(), LatencyHistograms.MAX_MICROS));
            latency.get(protocol).recordValueWithCount(micros, times);
            answeredMicros[protocol.ordinal()] += micros * times;
        }
        for (int i = 0; i < times; i++) {
            recent[(int) (recorded++ % recent.length)] = exchange;
        }
    }

    /** The number of exchanges by how they ended. */
    public PerProtocol<Stats.Tally> totals() {
        return PerProtocol.of(this::tally);
    }

    /** The counts of this node. */
    public Stats stats(Stats.Scope scope, Instant at, long nowNanos) {
        return new Stats(
                scope,
                node.name(),
                at,
                totals(),
                rates(nowNanos),
                latency.map(LatencyHistograms::percentiles),
                List.of(share()),
                false);
    }

    Stats.NodeShare share() {
        return new Stats.NodeShare(node, draining ? State.DRAINING : State.LIVE, connections(), totals());
    }

    PerProtocol<Stats.Rate> rates(long nowNanos) {
        return rates.map(meter -> meter.rate(nowNanos));
    }

    /** Service time in microseconds. The caller must not change the histograms. */
    PerProtocol<Histogram> latency() {
        return latency;
    }

    /** The same counts in more detail. */
    public LedgerSnapshot snapshot() {
        return new LedgerSnapshot(
                byFormAndOutcome(),
                PerProtocol.of(this::durations),
                PerProtocol.of(this::connections),
                drained,
                cut,
                log.suppressed(),
                null);
    }

    /** The newest exchanges, newest first. */
    public List<Exchange> recent(int limit) {
        int size = (int) Math.min(limit, Math.min(recorded, recent.length));
        List<Exchange> newest = new ArrayList<>(size);
        for (long i = recorded - 1; i >= recorded - size; i--) {
            Exchange exchange = recent[(int) (i % recent.length)];
            if (exchange != null) {
                newest.add(exchange);
            }
        }
        return newest;
    }

    /** Lets the log report the exchanges that it left out in a second that is over. */
    public void tick(long nowNanos) {
        log.tick(nowNanos);
    }

    /** Lets the log report the exchanges that it left out so far. */
    public void flushLog() {
        log.flush();
    }

    /** Sessions that servers ended by {@code Bye}. */
    public long drained() {
        return drained;
    }

    /** Connections that servers cut at the end of their grace period. */
    public long cut() {
        return cut;
    }

    private long connections() {
        return connections(Protocol.GREETING) + connections(Protocol.HTTP);
    }

    private long connections(Protocol protocol) {
        return sources.values().stream()
                .filter(source -> source.protocol() == protocol)
                .mapToLong(Source::connections)
                .sum();
    }

    private List<LedgerSnapshot.Count> byFormAndOutcome() {
        List<LedgerSnapshot.Count> all = new ArrayList<>();
        for (Protocol protocol : Protocol.values()) {
            for (Form form : Form.values()) {
                for (Outcome outcome : Outcome.values()) {
                    long count = counts[protocol.ordinal()][form.ordinal()][outcome.ordinal()];
                    // a form of another protocol is left out, unless a batch had it all the same
                    if (form.protocol() == protocol || count > 0) {
                        all.add(new LedgerSnapshot.Count(protocol, form, outcome, count));
                    }
                }
            }
        }
        return all;
    }

    private Durations durations(Protocol protocol) {
        return new Durations(
                Durations.counts(latency.get(protocol), Durations.BOUNDS_MICROS), answeredMicros[protocol.ordinal()]);
    }

    private Stats.Tally tally(Protocol protocol) {
        return new Stats.Tally(
                total(protocol, Outcome.ANSWERED), total(protocol, Outcome.REFUSED), total(protocol, Outcome.FAILED));
    }

    private long total(Protocol protocol, Outcome outcome) {
        long total = 0;
        for (long[] form : counts[protocol.ordinal()]) {
            total += form[outcome.ordinal()];
        }
        return total;
    }
}
