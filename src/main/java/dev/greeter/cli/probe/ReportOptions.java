package dev.greeter.cli.probe;

import dev.greeter.client.TerminalText;
import dev.greeter.client.Unexpected;
import dev.greeter.probe.Report;
import dev.greeter.probe.report.HtmlReport;
import dev.greeter.probe.report.JUnitReport;
import dev.greeter.probe.report.JsonReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The files that a probe's report is written to. */
final class ReportOptions {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
    private @Nullable Path json;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the report as JUnit XML.")
    private @Nullable Path junit;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the report as one HTML page.")
    private @Nullable Path html;

    /** The files of one run, open. */
    static final class Open implements AutoCloseable {
        private record Output(ReportFile file, Function<Report, String> text) {}

        private final List<Output> outputs = new ArrayList<>();

        /** Writes each report, even if others fail, and returns a line for each failure. */
        List<String> write(Report report) {
            return outputs.stream()
                    .map(output -> write(output, report))
                    .flatMap(Optional::stream)
                    .toList();
        }

        private static Optional<String> write(Output output, Report report) {
            try {
                output.file().write(output.text().apply(report));
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(
                        TerminalText.quoted(output.file().path().toString()) + " is not written: " + ReportFile.why(e));
            } catch (RuntimeException | Error e) {
                // such as one that is too large for the memory; the others may be written all the same
                return Optional.of(TerminalText.quoted(output.file().path().toString()) + " is not written: "
                        + Unexpected.says(e));
            }
        }

        /** Deletes the files that this run made and did not write to. */
        @Override
        public void close() {
            outputs.forEach(output -> output.file().close());
        }
    }

    /**
     * Opens all files before the run, because a failure after it would cost its report. A file keeps its content until the
     * report is written.
     *
     * @throws ParameterException if one cannot be
     */
    Open open() {
        Open open = new Open();
        try {
            open(open, "--json", json, report -> JsonReport.of(report).encodePrettily() + "\n");
            open(open, "--junit", junit, JUnitReport::of);
            open(open, "--html", html, HtmlReport::of);
        } catch (ParameterException e) {
            open.close();
            throw e;
        }
        return open;
    }

    private void open(Open open, String option, @Nullable Path path, Function<Report, String> text) {
        if (path == null) {
            return;
        }
        try {
            ReportFile file = ReportFile.open(path);
            for (Open.Output other : open.outputs) {
                if (file.isSame(other.file())) {
                    throw misuse(option + ": " + TerminalText.quoted(path.toString()) + " has another report already");
                }
            }
            if (file.isPrintedTo()) {
                throw misuse(
                        option + ": " + TerminalText.quoted(path.toString()) + " has what this command prints already");
            }
            open.outputs.add(new Open.Output(file, text));
        } catch (IOException e) {
            throw misuse(option + ": cannot write " + TerminalText.quoted(path.toString()) + ", " + ReportFile.why(e));
        }
    }

    private ParameterException misuse(String why) {
        return new ParameterException(Objects.requireNonNull(command).commandLine(), why);
    }
}
