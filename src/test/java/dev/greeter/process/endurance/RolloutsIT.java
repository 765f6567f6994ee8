package dev.greeter.process.endurance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.process.endurance.Rollouts.Form;
import dev.greeter.testing.GreeterProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rollouts behind HAProxy, with the probe as the client: none may lose an exchange, count one twice or leave one out. More
 * of them with {@code -Dgreeter.rollouts=1000}; {@code src/docs/reliability.md} has the command and a result.
 */
@Timeout(value = 2, unit = TimeUnit.DAYS)
class RolloutsIT {
    private static final int ROLLOUTS = Integer.getInteger("greeter.rollouts", 1);

    /** Rollouts of one fleet, so that a loss is found among the logs of few nodes. */
    private static final int OF_A_FLEET = 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void loseNothing() throws Exception {
        repeat(Form.PLAIN);
    }

    @Test
    void loseNothingOverTls() throws Exception {
        repeat(Form.TLS);
    }

    @Test
    void loseNothingBehindTheProxyProtocol() throws Exception {
        repeat(Form.BEHIND_PROXY_PROTOCOL);
    }

    @Test
    void loseNothingInACluster() throws Exception {
        repeat(Form.CLUSTERED);
    }

    /** All of them, whatever is found. What a fleet leaves behind is kept beside the jar if something is. */
    private void repeat(Form form) throws IOException, InterruptedException {
        RolloutTotals all = RolloutTotals.NONE;
        String name = form.name().toLowerCase(Locale.ROOT);
        while (all.rollouts() < ROLLOUTS) {
            // a short name, because the path of a socket has 97 octets at HAProxy
            Path logs = Files.createTempDirectory(folder, "");
            RolloutTotals some = run(form, logs, Math.min(OF_A_FLEET, ROLLOUTS - all.rollouts()));
            all = all.plus(some);
            report(name, all);
            some.findings().forEach(finding -> report(name, finding));
            if (some.isClean()) {
                delete(logs);
            } else {
                report(name, "kept in " + keep(name, logs));
            }
        }
        assertThat(all).matches(RolloutTotals::isClean, "lost nothing and counted everything once");
    }

    /** A node that does not start, or does not end, ends the fleet but not the run. */
    private static RolloutTotals run(Form form, Path logs, int rollouts) throws IOException, InterruptedException {
        try {
            return Rollouts.run(form, logs, rollouts);
        } catch (RuntimeException | AssertionError failed) {
            String why = failed.getMessage();
            return RolloutTotals.notFinished(rollouts, why == null ? failed.toString() : why);
        }
    }

    private static void report(String name, Object what) {
        System.out.println("rollouts, " + name + ": " + what);
    }

    private static Path keep(String name, Path logs) throws IOException {
        Path kept = Files.createDirectories(Path.of(GreeterProcess.jar()).resolveSibling("rollouts"))
                .resolve(name + "-" + logs.getFileName());
        Files.createDirectory(kept);
        for (Path file : files(logs)) {
            if (Files.isRegularFile(file)) {
                Files.copy(file, kept.resolve(file.getFileName()));
            }
        }
        return kept;
    }

    private static void delete(Path logs) throws IOException {
        for (Path file : files(logs)) {
            Files.delete(file);
        }
    }

    /** The folder itself comes last. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
