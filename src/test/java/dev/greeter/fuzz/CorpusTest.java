package dev.greeter.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The inputs that are kept of earlier runs, each whole and cut short. */
class CorpusTest {
    private static final int CUTS = 3;

    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void takesEachInputThatIsKept(FuzzTarget target) {
        List<byte[]> inputs = Corpus.of(target).inputs();
        assertThat(inputs).isNotEmpty();
        for (byte[] octets : inputs) {
            for (int cut = 0; cut <= CUTS; cut++) {
                byte[] input = Arrays.copyOf(octets, octets.length - octets.length * cut / (CUTS + 1));
                assertThatCode(() -> target.run(input))
                        .as(() -> Corpus.escape(input))
                        .doesNotThrowAnyException();
            }
        }
    }
}
