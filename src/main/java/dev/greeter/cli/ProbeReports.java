package dev.greeter.cli;

import dev.greeter.probe.HtmlReport;
import dev.greeter.probe.JUnitReport;
import dev.greeter.probe.JsonReport;
import dev.greeter.probe.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The files that a probe's report is written to. */
final class ProbeReports {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
    private @Nullable Path json;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the report as JUnit XML.")
    private @Nullable Path junit;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the report as one HTML page.")
    private @Nullable Path html;

    /** Before the run, as it would be a pity after it. */
    void check() {
        for (Path file : Arrays.asList(json, junit, html)) {
            Path folder = file == null ? null : file.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                throw new ParameterException(
                        Objects.requireNonNull(command).commandLine(),
                        "no folder for " + Why.quoted(String.valueOf(file)));
            }
        }
    }

    void write(Report report) throws ClientException {
        write(json, () -> JsonReport.of(report).encodePrettily() + "\n");
        write(junit, () -> JUnitReport.of(report));
        write(html, () -> HtmlReport.of(report));
    }

    private static void write(@Nullable Path file, Supplier<String> text) throws ClientException {
        if (file != null) {
            try {
                Files.writeString(file, text.get());
            } catch (IOException e) {
                throw new ClientException(file.toString(), "not written, " + e);
            }
        }
    }
}
