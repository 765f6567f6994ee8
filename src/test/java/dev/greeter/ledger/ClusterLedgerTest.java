package dev.greeter.ledger;

import static dev.greeter.ledger.Exchanges.batch;
import static dev.greeter.ledger.Exchanges.greeting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.greeter.bus.Exchange;
import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.Node;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.RetiredTallies;
import dev.greeter.bus.Stats;
import dev.greeter.bus.Stats.State;
import dev.greeter.bus.Stats.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterLedgerTest {
    private static final Instant START = Instant.parse("2026-11-23T06:00:00Z");

    private final Run b = new Run("b", 0);
    private long seconds;

    /** How far the wall clock is ahead. */
    private Duration ahead = Duration.ZERO;

    /** A run of a node, which knows what it is told. */
    private final class Run {
        private final Ledger ledger;
        private final ClusterLedger cluster;
        private long batches;

        Run(String name, long startedAtSecond) {
            ledger = new Ledger(new Node(name, "host", "1", START.plusSeconds(startedAtSecond)), 0);
            cluster = new ClusterLedger(ledger);
        }

        void count(long micros, int times) {
            batches++;
            Exchange[] exchanges = IntStream.range(0, times)
                    .mapToObj(i -> greeting(Outcome.ANSWERED, micros))
                    .toArray(Exchange[]::new);
            ledger.count(batch("source", batches, exchanges), nanos());
        }

        NodeTally says() {
            NodeTally tally = cluster.next(now(), nanos());
            cluster.own().written(nanos());
            return Objects.requireNonNullElseGet(
                    tally, () -> Objects.requireNonNull(cluster.own().made()));
        }

        NodeTally saysLast() {
            return cluster.own().last(now(), nanos());
        }

        void hears(NodeTally... tallies) {
            cluster.read(List.of(tallies), now(), nanos());
        }

        /** Each second, and nothing else. */
        void hearsUntil(long second, NodeTally... tallies) {
            while (seconds < second) {
                seconds++;
                hears(tallies);
            }
        }

        Stats stats() {
            return cluster.stats(now(), nanos());
        }
    }

    private Instant now() {
        return START.plusSeconds(seconds).plus(ahead);
    }

    private long nanos() {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void knowsHowManyNodesLive() {
        Run a = new Run("a", 0);
        b.hears(a.says(), b.says());
        assertThat(b.cluster.snapshot(nanos()).cluster()).isEqualTo(new LedgerSnapshot.Cluster(2, false));
        b.hearsUntil(OtherRuns.SILENCE.toSeconds(), b.says());
        assertThat(b.cluster.snapshot(nanos()).cluster()).isEqualTo(new LedgerSnapshot.Cluster(1, true));
        assertThat(b.ledger.snapshot().cluster()).isNull();
    }

    @Test
    void addsUpWhatEachNodeCounted() {
        Run a = new Run("a", 0);
        a.count(10, 98);
        b.count(1_000, 2);
        seconds = 1;
        b.hears(a.says());
        b.cluster
                .latencies()
                .put(a.cluster.key(), Objects.requireNonNull(a.cluster.own().latency(nanos(), true)));
        assertThat(b.stats().totals().greeting()).isEqualTo(new Tally(100, 0, 0));
        assertThat(b.stats().rates().greeting().lastSecond()).isEqualTo(100);
        assertThat(b.stats().latency().greeting()).isEqualTo(new Stats.Latency(10, 10, 1_000, 1_000));
        assertThat(b.stats().nodes())
                .extracting(share -> share.node().name(), Stats.NodeShare::state)
                .containsExactly(tuple("a", State.LIVE), tuple("b", State.LIVE));
    }

    @Test
    void takesTheHighestVersionInWhateverOrderTheyCome() {
        Run a = new Run("a", 0);
        a.count(1, 1);
        NodeTally earlier = a.says();
        a.count(1, 1);
        NodeTally later = a.says();
        b.hears(later);
        b.hears(earlier, later);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(2);
    }

    @Test
    void missesANodeThatSaysNothingNewForFiveSeconds() {
        NodeTally last = new Run("a", 0).says();
        b.hears(last);
        b.hearsUntil(4, last);
        assertThat(b.stats()).returns(false, Stats::partial).returns(State.LIVE, ClusterLedgerTest::first);
        b.hearsUntil(5, last);
        assertThat(b.stats()).returns(true, Stats::partial).returns(State.GONE, ClusterLedgerTest::first);
    }

    @Test
    void doesNotMissANodeThatLeft() {
        Run a = new Run("a", 0);
        b.hears(a.says());
        b.hears(a.saysLast());
        assertThat(b.stats()).returns(false, Stats::partial).returns(State.GONE, ClusterLedgerTest::first);
    }

    /** With a map that does not answer nobody is known to be gone, and nothing to be all. */
    @Test
    void answersByWhatItKnowsWhenTheClusterIsLost() {
        Run a = new Run("a", 0);
        a.count(1, 7);
        b.hears(a.says());
        seconds = 60;
        assertThat(b.stats()).returns(true, Stats::partial).returns(State.LIVE, ClusterLedgerTest::first);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(7);
    }

    @Test
    void showsADrainingNode() {
        Run a = new Run("a", 0);
        a.ledger.drain();
        b.hears(a.says());
        assertThat(b.stats()).returns(State.DRAINING, ClusterLedgerTest::first);
    }

    /** No node writes again what has not changed only because another node was not there to read it. */
    @Test
    void missesNoNodeForATimeInWhichItReadNothing() {
        NodeTally a = new Run("a", 0).says();
        b.hears(a);
        seconds = 60;
        b.hears(a);
        assertThat(b.stats()).returns(false, Stats::partial).returns(State.LIVE, ClusterLedgerTest::first);
        b.hearsUntil(65, a);
        assertThat(b.stats()).returns(true, Stats::partial).returns(State.GONE, ClusterLedgerTest::first);
    }

    @Test
    void mergesAsTheFirstByNameOfThoseThatLive() {
        Run a = new Run("a", 0);
        Run c = new Run("c", 0);
        NodeTally last = a.says();
        assertThat(b.cluster.merges(nanos())).isTrue();
        b.hears(last, c.says());
        b.cluster.heard(beat(a), nanos());
        assertThat(b.cluster.merges(nanos())).isFalse();
        c.hears(last, b.says());
        c.cluster.heard(beat(a), nanos());
        // a is killed
        seconds = Leadership.TAKE_OVER.toSeconds();
        assertThat(List.of(b.cluster.merges(nanos()), c.cluster.merges(nanos())))
                .containsExactly(true, false);
        c.cluster.heard(beat(b), nanos());
        seconds += Leadership.TAKE_OVER.toSeconds();
        assertThat(c.cluster.merges(nanos())).isFalse();
        // both are killed
        seconds += Leadership.TAKE_OVER.toSeconds();
        assertThat(c.cluster.merges(nanos())).isTrue();
    }

    @Test
    void takesWhatAnotherNodeMerged() {
        Run a = new Run("a", 0);
        Run c = new Run("c", 0);
        a.count(10, 98);
        NodeTally killed = new Run("killed", 0).says();
        a.hears(c.says(), killed);
        a.hearsUntil(5, c.says(), killed);
        c.count(7, 2);
        a.hears(c.says(), killed);
        a.says();
        a.cluster.lead(true);
        b.cluster.heard(beat(a), nanos());
        b.cluster.follow(a.cluster.merged(), nanos());
        assertThat(b.stats()).returns(true, Stats::partial);
        assertThat(b.stats().totals()).isEqualTo(a.stats().totals());
        assertThat(b.stats().latency()).isEqualTo(a.stats().latency());
        assertThat(b.stats().nodes())
                .extracting(share -> share.node().name(), Stats.NodeShare::state)
                .containsExactly(
                        tuple("a", State.LIVE),
                        tuple("b", State.LIVE),
                        tuple("c", State.LIVE),
                        tuple("killed", State.GONE));
    }

    @Test
    void writesWhatHasNotChangedOnlyAsASignOfLife() {
        b.count(5, 1);
        assertThat(b.says().version()).isEqualTo(1);
        seconds = 1;
        // the exchange is in the rates, and in the end no longer
        assertThat(b.says().version()).isEqualTo(2);
        seconds = 62;
        NodeTally quiet = b.says();
        assertThat(quiet.version()).isEqualTo(3);
        seconds++;
        assertThat(b.cluster.next(now(), nanos())).isNull();
        seconds++;
        assertThat(b.cluster.next(now(), nanos()))
                .isNotNull()
                .returns(quiet.version(), NodeTally::version)
                .returns(true, sign -> sign.isAfter(quiet));
        // the write failed
        assertThat(b.cluster.next(now(), nanos())).isNotNull().returns(quiet.version() + 1, NodeTally::version);
    }

    @Test
    void writesHistogramsWhenTheyHaveGrownByATenthOrWaited() {
        b.count(5, 100);
        assertThat(writesLatency()).isTrue();
        assertThat(writesLatency()).isFalse();
        b.count(5, 10);
        assertThat(writesLatency()).isFalse();
        b.count(5, 1);
        assertThat(writesLatency()).isTrue();
        b.count(5, 1);
        assertThat(writesLatency()).isFalse();
        seconds += OwnTally.LATENCY_INTERVAL.toSeconds();
        assertThat(writesLatency()).isTrue();
        seconds += OwnTally.LATENCY_INTERVAL.toSeconds();
        assertThat(writesLatency()).isFalse();
        b.cluster.own().wantLatency();
        assertThat(writesLatency()).isTrue();
    }

    private boolean writesLatency() {
        OwnTally own = b.cluster.own();
        if (own.latency(nanos(), false) == null) {
            return false;
        }
        own.latencyWritten(own.latencyTotal(), nanos());
        return true;
    }

    private Beat beat(Run merger) {
        return new Beat(merger.cluster.key(), seconds, 0, 1, 0);
    }

    @Test
    void showsANameOnceHoweverOftenItsNodeStarted() {
        Run first = new Run("a", 0);
        first.count(1, 3);
        b.hears(first.says());
        b.hears(first.saysLast());
        seconds = 10;
        Run second = new Run("a", 10);
        second.count(1, 4);
        b.hears(second.says());
        assertThat(b.stats().nodes()).hasSize(2);
        assertThat(b.stats()).returns(State.LIVE, ClusterLedgerTest::first).returns(false, Stats::partial);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(7);
    }

    /** What it counted last is lost, whoever else goes by its name. */
    @Test
    void saysThatARunEndedWithoutItsLastTallyWhateverStartsUnderItsName() {
        Run killed = new Run("a", 0);
        killed.count(1, 3);
        b.hears(killed.says());
        Run successor = new Run("a", 10);
        successor.count(1, 4);
        b.hearsUntil(10);
        b.hears(successor.says());

        assertThat(b.stats()).returns(true, Stats::partial);
        assertThat(b.stats().nodes())
                .extracting(share -> share.node().name(), Stats.NodeShare::state)
                .containsExactly(tuple("a", State.GONE), tuple("a", State.LIVE), tuple("b", State.LIVE));
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(7);

        seconds = OtherRuns.SHOWN.toSeconds() + 1;
        b.hears(successor.says());
        b.cluster.read(b.cluster.retire(now()));
        assertThat(b.stats()).returns(false, Stats::partial);
        assertThat(b.stats().nodes()).hasSize(2);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(7);
    }

    @Test
    void keepsBothRunsOfOneNameAndMissesTheOneThatIsKilled() {
        Run twin = new Run("b", 0);
        twin.count(1, 5);
        b.count(1, 3);
        NodeTally last = twin.says();
        b.hears(last);
        twin.hears(b.says());
        b.cluster.heard(beat(twin), nanos());
        twin.cluster.heard(beat(b), nanos());
        assertThat(b.stats()).returns(false, Stats::partial);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(8);
        assertThat(b.cluster.snapshot(nanos()).cluster()).isEqualTo(new LedgerSnapshot.Cluster(2, false));
        assertThat(b.stats().nodes()).isEqualTo(twin.stats().nodes());
        assertThat(List.of(b.cluster.merges(nanos()), twin.cluster.merges(nanos())))
                .containsOnlyOnce(true);

        b.hearsUntil(5, last);
        assertThat(b.stats()).returns(true, Stats::partial);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(8);
        assertThat(b.stats().nodes())
                .extracting(Stats.NodeShare::state)
                .containsExactlyInAnyOrder(State.LIVE, State.GONE);
    }

    /** A run of the name that was there before does not make it disappear. */
    @Test
    void showsARunThatLeftBesideAnOlderOneOfItsName() {
        Run older = new Run("a", 0);
        Run younger = new Run("a", 1);
        b.hears(older.says(), younger.says());
        seconds = 2;
        b.hears(older.says(), older.saysLast(), younger.says());
        assertThat(b.stats()).returns(State.GONE, ClusterLedgerTest::first).returns(false, Stats::partial);
        assertThat(b.stats().nodes()).hasSize(3);
    }

    @Test
    void knowsANamesakeByWhatItWritesAndNoneInARunThatIsOver() {
        Run before = new Run("b", 0);
        Run twin = new Run("b", 0);
        b.hears(before.says(), twin.says(), new Run("a", 0).says());
        assertThat(b.cluster.namesakes()).isEmpty();
        seconds = 1;
        twin.count(1, 1);
        b.hears(twin.says());
        assertThat(b.cluster.namesakes()).containsOnlyKeys(twin.cluster.key());
        b.hears(twin.saysLast());
        assertThat(b.cluster.namesakes()).isEmpty();
    }

    @Test
    void forgetsNoneOfManyThatWereKilledForThoseThatLeft() {
        b.hears(new Run("killed", 0).says());
        b.hearsUntil(10);
        for (int i = 0; i <= OtherRuns.MAX_SHOWN; i++) {
            b.hears(new Run("left-" + i, 1).saysLast());
        }
        b.cluster.read(b.cluster.retire(now()));
        assertThat(b.stats()).returns(true, Stats::partial);
        assertThat(b.stats().nodes()).hasSize(1 + OtherRuns.MAX_SHOWN);
    }

    @Test
    void keepsWhatARunCountedWhenItIsFoldedAndWhenItIsBack() {
        Run a = new Run("a", 0);
        a.count(5, 3);
        NodeTally last = a.says();
        b.hears(last);
        b.cluster
                .latencies()
                .put(a.cluster.key(), Objects.requireNonNull(a.cluster.own().latency(nanos(), true)));
        b.hearsUntil(3_600, last);
        RetiredTallies retired = b.cluster.retire(now());
        assertThat(retired.runs()).hasSize(1);
        b.cluster.read(retired);
        assertThat(b.cluster.isRetired(last)).isTrue();
        assertThat(b.stats()).returns(false, Stats::partial);
        assertThat(b.stats().nodes()).hasSize(1);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(3);
        assertThat(b.stats().latency().greeting().max()).isEqualTo(5);

        a.count(5, 1);
        b.hears(last, a.says());
        assertThat(b.stats().nodes()).hasSize(2);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(4);
        a.cluster.read(retired);
        assertThat(a.stats().totals().greeting().answered()).isEqualTo(4);
    }

    @Test
    void isNoBiggerAfterThousandsOfRestarts() {
        for (int restart = 1; restart <= 3_000; restart++) {
            seconds += 30;
            Run a = new Run("a-" + restart, seconds);
            a.count(1, 1);
            b.hears(a.saysLast());
            b.cluster.read(b.cluster.retire(now()));
        }
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(3_000);
        assertThat(b.stats().nodes()).hasSizeLessThanOrEqualTo(OtherRuns.MAX_SHOWN + 1);
        assertThat(b.cluster.lost(Map.of())).hasSizeLessThanOrEqualTo(OtherRuns.MAX_SHOWN);
        assertThat(b.cluster.retired().runs()).hasSizeLessThan(25 * 120);
        seconds += Duration.ofHours(26).toSeconds();
        b.cluster.read(b.cluster.retire(now()));
        b.cluster.read(b.cluster.retire(now()));
        assertThat(b.cluster.retired().runs()).hasSizeLessThanOrEqualTo(OtherRuns.MAX_SHOWN);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(3_000);
    }

    @Test
    void showsARunThatEndedNoLongerWhenTheClockIsSetBack() {
        b.hears(new Run("a", 0).saysLast());
        ahead = Duration.ofHours(-1);
        b.hearsUntil(OtherRuns.SHOWN.toSeconds());
        assertThat(b.cluster.retire(now())).isEqualTo(b.cluster.retired());
        b.hearsUntil(OtherRuns.SHOWN.plus(OtherRuns.SILENCE).toSeconds() + 1);
        b.cluster.read(b.cluster.retire(now()));
        assertThat(b.stats().nodes()).hasSize(1);
    }

    /** The time since which runs are distinct is still to come then. */
    @Test
    void retiresRunsWhenItsClockWasDaysAhead() {
        leaves("a-1");
        ahead = Duration.ofDays(3);
        leaves("a-2");
        assertThat(b.cluster.retired().since()).isAfter(START.plus(Duration.ofDays(1)));
        ahead = Duration.ZERO;
        leaves("a-3");
        assertThat(b.stats().nodes()).hasSize(1);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(3);
    }

    /** Counts one exchange, and is retired. */
    private void leaves(String name) {
        Run run = new Run(name, seconds);
        run.count(1, 1);
        b.hears(run.saysLast());
        b.hearsUntil(seconds + OtherRuns.SHOWN.plus(OtherRuns.SILENCE).toSeconds() + 1);
        b.cluster.read(b.cluster.retire(now()));
    }

    private static State first(Stats stats) {
        return stats.nodes().get(0).state();
    }
}
