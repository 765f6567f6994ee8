package dev.greeter.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.RetiredTallies.Run;
import dev.greeter.bus.Stats.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RetiredTalliesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T06:30:00Z");

    private final Random random = new Random();

    @RepeatedTest(200)
    void joinsInAnyOrderAndAnyNumberOfTimes() {
        RetiredTallies a = some();
        RetiredTallies b = some();
        RetiredTallies c = some();
        assertThat(a.join(b)).isEqualTo(b.join(a));
        assertThat(a.join(b).join(c)).isEqualTo(a.join(b.join(c)));
        assertThat(a.join(b).join(b).join(a)).isEqualTo(a.join(b));
        assertThat(RetiredTallies.NONE.join(a)).isEqualTo(a);
    }

    @Test
    void countsARunOnceByItsHighestVersion() {
        RetiredTallies earlier = retire("a", 1, 10, NOW);
        RetiredTallies later = retire("a", 2, 11, NOW.plusSeconds(9));
        assertThat(earlier.join(later).runs()).containsExactlyEntriesOf(later.runs());
    }

    @Test
    void keepsTheSumOfRunsThatAreNoLongerToldApart() {
        RetiredTallies retired = retire("a", 1, 10, NOW).join(retire("b", 1, 5, NOW.plus(Duration.ofHours(3))));
        RetiredTallies collapsed = retired.collapse(NOW.plus(Duration.ofHours(25)), Set.of());
        assertThat(collapsed.base()).isEqualTo(counts(10));
        assertThat(collapsed.runs()).containsOnlyKeys("b");
        assertThat(collapsed.join(retired)).isEqualTo(collapsed);
        assertThat(retired.collapse(NOW.plus(Duration.ofHours(23)), Set.of())).isEqualTo(retired);
    }

    /** It counts by a tally of its own, of which the one folded is a part. */
    @Test
    void leavesOutARunThatIsBack() {
        RetiredTallies collapsed = retire("a", 1, 10, NOW).collapse(NOW.plus(Duration.ofHours(25)), Set.of("a"));
        assertThat(collapsed.base()).isEqualTo(counts(0));
        assertThat(collapsed.runs()).isEmpty();
    }

    /** A node that knows nothing yet must not seem to know better than one that knows all. */
    @Test
    void doesNotCollapseWhatIsNotThere() {
        RetiredTallies known = retire("a", 1, 10, NOW);
        RetiredTallies nothing = RetiredTallies.NONE.collapse(NOW.plus(Duration.ofHours(30)), Set.of());
        assertThat(nothing.join(known)).isEqualTo(known);
    }

    private static RetiredTallies retire(String key, long version, long count, Instant at) {
        return RetiredTallies.NONE.plus(Map.of(key, new Run(version, at, counts(count))), noLatency());
    }

    /** Runs of which any node may have seen any version, but each version is always the same. */
    private RetiredTallies some() {
        SortedMap<String, Run> runs = new TreeMap<>();
        for (String key : new String[] {"a", "b", "c"}) {
            if (random.nextBoolean()) {
                long version = 1L + random.nextInt(3);
                runs.put(key, new Run(version, NOW.plusSeconds(random.nextInt(3)), counts(version)));
            }
        }
        return new RetiredTallies(Instant.EPOCH, counts(0), runs, noLatency());
    }

    private static PerProtocol<Tally> counts(long greetings) {
        return new PerProtocol<>(new Tally(greetings, 0, 0), new Tally(0, 0, 0));
    }

    private static PerProtocol<String> noLatency() {
        return new PerProtocol<>("", "");
    }
}
