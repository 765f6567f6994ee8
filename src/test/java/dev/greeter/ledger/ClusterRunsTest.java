package dev.greeter.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.RetiredTallies;
import dev.greeter.bus.Stats;
import dev.greeter.bus.Stats.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Runs that end, that share a name, and that are retired. */
class ClusterRunsTest extends ClusterRuns {
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
        assertThat(b.stats()).returns(State.LIVE, ClusterRuns::first).returns(false, Stats::partial);
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
        assertThat(b.stats()).returns(State.GONE, ClusterRuns::first).returns(false, Stats::partial);
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
}
