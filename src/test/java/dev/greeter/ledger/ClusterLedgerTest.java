package dev.greeter.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.greeter.bus.LedgerSnapshot;
import dev.greeter.bus.NodeTally;
import dev.greeter.bus.Stats;
import dev.greeter.bus.Stats.State;
import dev.greeter.bus.Stats.Tally;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ClusterLedgerTest extends ClusterRuns {
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
        assertThat(b.stats()).returns(false, Stats::partial).returns(State.LIVE, ClusterRuns::first);
        b.hearsUntil(5, last);
        assertThat(b.stats()).returns(true, Stats::partial).returns(State.GONE, ClusterRuns::first);
    }

    @Test
    void doesNotMissANodeThatLeft() {
        Run a = new Run("a", 0);
        b.hears(a.says());
        b.hears(a.saysLast());
        assertThat(b.stats()).returns(false, Stats::partial).returns(State.GONE, ClusterRuns::first);
    }

    /** With a map that does not answer nobody is known to be gone, and nothing to be all. */
    @Test
    void answersByWhatItKnowsWhenTheClusterIsLost() {
        Run a = new Run("a", 0);
        a.count(1, 7);
        b.hears(a.says());
        seconds = 60;
        assertThat(b.stats()).returns(true, Stats::partial).returns(State.LIVE, ClusterRuns::first);
        assertThat(b.stats().totals().greeting().answered()).isEqualTo(7);
    }

    @Test
    void showsADrainingNode() {
        Run a = new Run("a", 0);
        a.ledger.drain();
        b.hears(a.says());
        assertThat(b.stats()).returns(State.DRAINING, ClusterRuns::first);
    }

    /** No node writes again what has not changed only because another node was not there to read it. */
    @Test
    void missesNoNodeForATimeInWhichItReadNothing() {
        NodeTally a = new Run("a", 0).says();
        b.hears(a);
        seconds = 60;
        b.hears(a);
        assertThat(b.stats()).returns(false, Stats::partial).returns(State.LIVE, ClusterRuns::first);
        b.hearsUntil(65, a);
        assertThat(b.stats()).returns(true, Stats::partial).returns(State.GONE, ClusterRuns::first);
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
}
