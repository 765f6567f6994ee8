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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusterLedgerTest {
    private static final Instant START = Instant.parse("2026-11-23T06:00:00Z");

    private final Run b = new Run("b", 0);
    private long seconds;

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
            return cluster.next(now(), nanos());
        }

        void hears(NodeTally... tallies) {
            cluster.read(List.of(tallies), now(), nanos());
        }

        Stats stats() {
            return cluster.stats(now(), nanos());
        }
    }

    private Instant now() {
        return START.plusSeconds(seconds);
    }

    private long nanos() {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void knowsHowManyNodesLive() {
        Run a = new Run("a", 0);
        b.hears(a.says(), b.says());
        assertThat(b.cluster.snapshot(nanos()).cluster()).isEqualTo(new LedgerSnapshot.Cluster(2, false));
        seconds += OtherRuns.SILENCE.toSeconds();
        b.hears(b.says());
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
        seconds = 4;
        b.hears(last);
        assertThat(b.stats()).returns(false, Stats::partial).returns(State.LIVE, ClusterLedgerTest::first);
        seconds = 5;
        b.hears(last);
        assertThat(b.stats()).returns(true, Stats::partial).returns(State.GONE, ClusterLedgerTest::first);
    }

    @Test
    void doesNotMissANodeThatLeft() {
        Run a = new Run("a", 0);
        b.hears(a.says());
        b.hears(a.cluster.last(now(), nanos()));
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

    @Test
    void leadsAsTheFirstByNameOfThoseThatLive() {
        NodeTally a = new Run("a", 0).says();
        assertThat(b.cluster.leads()).isTrue();
        b.hears(a, new Run("c", 0).says());
        assertThat(b.cluster.leads()).isFalse();
        seconds = 5;
        b.hears(a);
        assertThat(b.cluster.leads()).isTrue();
    }

    @Test
    void showsANameOnceHoweverOftenItsNodeStarted() {
        Run first = new Run("a", 0);
        first.count(1, 3);
        b.hears(first.says());
        b.hears(first.cluster.last(now(), nanos()));
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
        seconds = 10;
        Run successor = new Run("a", 10);
        successor.count(1, 4);
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
        assertThat(b.stats()).returns(false, Stats::partial);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(8);
        assertThat(b.cluster.snapshot(nanos()).cluster()).isEqualTo(new LedgerSnapshot.Cluster(2, false));
        assertThat(b.stats().nodes()).isEqualTo(twin.stats().nodes());
        assertThat(List.of(b.cluster.leads(), twin.cluster.leads())).containsOnlyOnce(true);

        seconds = 5;
        b.hears(last);
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
        b.hears(older.says(), older.cluster.last(now(), nanos()), younger.says());
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
        b.hears(twin.says());
        assertThat(b.cluster.namesakes()).containsOnlyKeys(twin.cluster.key());
        b.hears(twin.cluster.last(now(), nanos()));
        assertThat(b.cluster.namesakes()).isEmpty();
    }

    @Test
    void forgetsNoneOfManyThatWereKilledForThoseThatLeft() {
        b.hears(new Run("killed", 0).says());
        seconds = 10;
        for (int i = 0; i <= OtherRuns.MAX_SHOWN; i++) {
            b.hears(new Run("left-" + i, 1).cluster.last(now(), nanos()));
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
        seconds = 3_600;
        b.hears(last);
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
            b.hears(a.cluster.last(now(), nanos()));
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

    private static State first(Stats stats) {
        return stats.nodes().get(0).state();
    }
}
