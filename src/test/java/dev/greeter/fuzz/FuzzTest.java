package dev.greeter.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A short run of Jazzer for the targets that have one, always the same. {@code -Dgreeter.fuzz=N} makes N executions with other inputs each time,
 * {@code -Dgreeter.fuzz.targets} takes some of the targets, with commas between several, and {@code -Dgreeter.fuzz.keep} keeps
 * the inputs that cover more.
 */
class FuzzTest {
    private static final long EXECUTIONS = Long.getLong("greeter.fuzz", 0);
    private static final List<String> TARGETS =
            List.of(System.getProperty("greeter.fuzz.targets", "").split(",", -1));
    private static final boolean KEEP = System.getProperty("greeter.fuzz.keep") != null;

    static Stream<FuzzTarget> targets() {
        return Arrays.stream(FuzzTarget.values())
                .filter(target ->
                        TARGETS.contains("") ? EXECUTIONS + target.executions() > 0 : TARGETS.contains(target.label()));
    }

    @ParameterizedTest
    @MethodSource("targets")
    @Timeout(value = 30, unit = TimeUnit.DAYS)
    void findsNoInputThatFails(FuzzTarget target) throws Exception {
        boolean isShort = EXECUTIONS == 0;
        Jazzer jazzer = new Jazzer(target, Path.of("target/fuzz", target.label()), isShort);
        assertThat(jazzer.run(isShort ? target.executions() : EXECUTIONS, isShort ? 1 : 0))
                .as(target.label())
                .isEmpty();
        System.out.println(target.label() + ": " + jazzer.summary());
        if (KEEP) {
            jazzer.keep();
        }
    }
}
