package dev.greeter.cli.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.probe.Report;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.report.ReportSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ReportOptionsTest {
    @Command
    private static final class Options {
        @Mixin
        private ReportOptions reports = new ReportOptions();
    }

    /** Results that break the machine, as those do that are too large for its memory; JUnit itself ends by that one. */
    private static final class Breaking extends AbstractList<ScenarioResult> {
        @Override
        public ScenarioResult get(int index) {
            throw new InternalError("no room");
        }

        @Override
        public int size() {
            return 1;
        }
    }

    @TempDir
    private Path folder;

    @Test
    void reportsAFileThatTheMachineCannotMake() throws IOException {
        Path json = folder.resolve("report.json");
        Path junit = Files.writeString(folder.resolve("report.xml"), "before");
        try (ReportOptions.Open files = open("--json=" + json, "--junit=" + junit)) {
            Report sample = ReportSample.ROLLOUT;
            List<String> unwritten = files.write(new Report(
                    sample.plan(),
                    sample.startedAt(),
                    sample.endedAt(),
                    true,
                    sample.failure(),
                    new Breaking(),
                    sample.reconciliation()));
            assertThat(unwritten)
                    .hasSize(2)
                    .allSatisfy(line ->
                            assertThat(line).contains("is not written: failed unexpectedly: java.lang.InternalError"));
        }
        assertThat(json).doesNotExist();
        assertThat(junit).hasContent("before");
    }

    private static ReportOptions.Open open(String... arguments) {
        Options options = new Options();
        new CommandLine(options).parseArgs(arguments);
        return options.reports.open();
    }
}
