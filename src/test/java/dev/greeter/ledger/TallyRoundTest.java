package dev.greeter.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Stats;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens to a cluster, all of its nodes agree in the end, on what was counted. */
class TallyRoundTest {
    /** Lives of clusters; more with {@code -Dgreeter.lives}, as what is rare shows then. */
    private static final int LIVES = Integer.getInteger("greeter.lives", 30);

    private static final int EVENTS = 1_000;

    static LongStream seeds() {
        return LongStream.range(0, LIVES);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void neitherLosesNorDoublesWhateverHappens(long seed) {
        Troubles troubles = new Troubles(seed);
        for (int event = 0; event < EVENTS; event++) {
            troubles.happen();
        }
        troubles.settle();
        assertThat(troubles.ended()).isPositive();
        assertThat(troubles.mergersEnded()).isPositive();
        assertThat(troubles.twoMerged()).isPositive();
        assertThat(troubles.told()).isNotEmpty().containsOnly(troubles.counted());
        // what one node knew alone is new to the others once more before they miss it
        troubles.settle();
        troubles.partial()
                .ifPresent(partial ->
                        assertThat(troubles.stats()).extracting(Stats::partial).containsOnly(partial));
        assertThat(troubles.stats())
                .extracting(Stats::latency)
                .containsOnly(troubles.stats().get(0).latency());
        assertThat(troubles.stats())
                .allSatisfy(stats -> assertThat(stats.nodes()).hasSizeLessThan(60));
    }
}
