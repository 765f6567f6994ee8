package dev.greeter.cli;

import dev.greeter.bus.BadMessageException;
import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import dev.greeter.probe.Endpoint;
import dev.greeter.probe.Form;
import dev.greeter.probe.HtmlReport;
import dev.greeter.probe.JUnitReport;
import dev.greeter.probe.JsonReport;
import dev.greeter.probe.Limits;
import dev.greeter.probe.Load;
import dev.greeter.probe.Plan;
import dev.greeter.probe.Probe;
import dev.greeter.probe.Report;
import dev.greeter.probe.Row;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "probe",
        description =
                "Makes exchanges on a fixed schedule, over TCP and HTTP, on new and on persistent connections, and"
                        + " names every one that is lost.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:within --max-lost and --max-p99, and reconciled if --verify is given",
            "1:beyond",
            "2:wrong usage"
        },
        footer = {
            "",
            "HOST:PORT is greeted in the forms oneshot (a new connection each) and session (persistent);",
            "a URL is got in the forms http (a new connection each) and http-keepalive (persistent).",
            "Ctrl-C ends it early, with a full report.",
            "",
            "Examples:",
            "  greeter probe localhost:1234 http://localhost:8080/",
            "  greeter probe --rate 200 --duration 2m --max-lost 0 greeter:1234 http://greeter:8080/",
            "  greeter probe --forms session --rate max --duration 10s --connections 2 greeter:1234",
            "  greeter probe --count 5000 --verify http://greeter:8080 --json report.json greeter:1234"
        })
final class ProbeCommand implements Callable<Integer> {
    private static final double MAX_RATE = 1_000_000;
    private static final int MAX_CONNECTIONS = 10_000;
    private static final Duration DEFAULT_DURATION = Duration.ofSeconds(10);
    private static final Duration LAST_READINGS = Duration.ofMinutes(2);

    /** A number a second, or as much as goes. */
    record Rate(OptionalDouble perSecond) {
        static final class Converter implements ITypeConverter<Rate> {
            @Override
            public Rate convert(String text) {
                if (text.equals("max")) {
                    return new Rate(OptionalDouble.empty());
                }
                try {
                    double rate = Double.parseDouble(text);
                    if (rate > 0 && rate <= MAX_RATE) {
                        return new Rate(OptionalDouble.of(rate));
                    }
                } catch (NumberFormatException notOne) {
                    // told below
                }
                throw new TypeConversionException(
                        Why.quoted(text) + " is neither max nor a number a second, over 0 and up to 1000000");
            }
        }
    }

    /** Reads a form by its label. */
    static final class FormConverter implements ITypeConverter<Form> {
        @Override
        public Form convert(String text) {
            return Arrays.stream(Form.values())
                    .filter(form -> form.label().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "expected one of " + new FormCandidates() + " but was " + Why.quoted(text)));
        }
    }

    /** What a shell completes. */
    static final class FormCandidates extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        FormCandidates() {
            super(Arrays.stream(Form.values()).map(Form::label).toList());
        }
    }

    private final Terminal terminal;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "TARGET",
            converter = ProbeTarget.class,
            description = "HOST:PORT or a URL with its scheme.")
    private List<Endpoint> targets = List.of();

    @Option(
            names = "--forms",
            paramLabel = "FORM",
            split = ",",
            converter = FormConverter.class,
            completionCandidates = FormCandidates.class,
            description = "Which of ${COMPLETION-CANDIDATES}, with commas. Default: all that the targets have.")
    private List<Form> forms = List.of();

    @Option(
            names = "--rate",
            paramLabel = "NUMBER",
            defaultValue = "100",
            converter = Rate.Converter.class,
            description =
                    "Exchanges a second in each form, on a schedule that waits for no answer; max for as many as are"
                            + " answered. Default: ${DEFAULT-VALUE}.")
    private Rate rate = new Rate(OptionalDouble.empty());

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long: 500ms, 30s, 10m. Default: 10s, or as --count takes.")
    private @Nullable Duration duration;

    @Option(names = "--count", paramLabel = "N", description = "How many exchanges in each form.")
    private @Nullable Long count;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "4",
            description = "Connections of each persistent form, and with --rate max of each form. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = TimeoutOption.Converter.class,
            description = "How long an exchange may take, from when it was meant to begin. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = "--warmup",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Do the same for that long before, and count nothing of it. Default: none.")
    private Duration warmup = Duration.ZERO;

    @Option(
            names = "--max-lost",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many exchanges may be lost, all forms together. Default: ${DEFAULT-VALUE}.")
    private long maxLost;

    @Option(
            names = "--max-p99",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "What p99 of the latency of each form may be. Default: any.")
    private @Nullable Duration maxP99;

    @Option(
            names = "--verify",
            paramLabel = "URL",
            converter = Url.Converter.class,
            description = "Compare with what the service counted; without a path it is /stats.")
    private @Nullable Url verify;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
    private @Nullable Path json;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the report as JUnit XML.")
    private @Nullable Path junit;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the report as one HTML page.")
    private @Nullable Path html;

    @Mixin
    HelpOption help = new HelpOption();

    ProbeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Reads a duration of any length. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return dev.greeter.config.Durations.read(text)
                    .filter(read -> !read.isZero())
                    .orElseThrow(() -> new TypeConversionException(
                            Why.quoted(text) + " is not a duration over 0, such as 500ms, 30s or 10m"));
        }
    }

    @Override
    public Integer call() throws ClientException, InterruptedException {
        List<Row> rows = rows();
        check();
        Vertx vertx = Probe.vertx(rows.size());
        try {
            return run(vertx, plan(vertx, rows));
        } finally {
            vertx.close();
        }
    }

    private int run(Vertx vertx, Plan plan) throws ClientException, InterruptedException {
        Probe probe = new Probe(vertx, plan);
        EarlyEnd early = new EarlyEnd(probe::stop);
        try {
            Future<Report> running = probe.run();
            new ProbeProgress(terminal, plan, probe).follow(running);
            Report report = ClientVertx.await(running, plan.timeout().plus(LAST_READINGS));
            terminal.out().print(ProbeText.of(report));
            terminal.out().flush();
            write(report);
            int code = report.isWithinLimits() ? Commands.DONE : Commands.FAILED;
            early.told(code);
            return code;
        } finally {
            early.told(Commands.FAILED);
        }
    }

    private void write(Report report) throws ClientException {
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

    private Plan plan(Vertx vertx, List<Row> rows) {
        Load load = new Load(
                rate.perSecond(),
                count == null ? OptionalLong.empty() : OptionalLong.of(count),
                duration != null ? duration : count != null ? Duration.ZERO : DEFAULT_DURATION);
        return new Plan(
                Integer.toHexString(ThreadLocalRandom.current().nextInt()),
                rows,
                load,
                warmup,
                connections,
                timeout,
                new Limits(maxLost, Optional.ofNullable(maxP99)),
                Optional.ofNullable(verify).map(url -> () -> stats(vertx, url)));
    }

    private Future<Stats> stats(Vertx vertx, Url url) {
        Url from = url.orPath("/stats").with("scope", Stats.Scope.CLUSTER.label());
        return new HttpFetch(vertx).get(from, timeout).compose(answer -> {
            try {
                if (answer.isError()) {
                    throw answer.no(from, "stats");
                }
                return Future.succeededFuture(Stats.fromJson(answer.json(from, "stats")));
            } catch (ClientException | BadMessageException e) {
                return Future.failedFuture(e);
            }
        });
    }

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Endpoint target : targets) {
            Form.of(target.protocol()).stream()
                    .filter(form -> forms.isEmpty() || forms.contains(form))
                    .forEach(form -> rows.add(new Row(form, target)));
        }
        for (Form form : forms) {
            if (rows.stream().noneMatch(row -> row.form() == form)) {
                String needs = form.protocol() == Protocol.HTTP ? "a URL" : "HOST:PORT";
                throw misuse("--forms has " + form.label() + ", which needs " + needs + " as a target");
            }
        }
        return rows;
    }

    private void check() {
        if (count != null && count < 1) {
            throw misuse("Invalid value for option '--count': it is a whole number from 1 on");
        }
        if (connections < 1 || connections > MAX_CONNECTIONS) {
            throw misuse("Invalid value for option '--connections': it is a whole number from 1 to " + MAX_CONNECTIONS);
        }
        if (maxLost < 0) {
            throw misuse("Invalid value for option '--max-lost': it is a whole number from 0 on");
        }
        for (Path file : Arrays.asList(json, junit, html)) {
            Path folder = file == null ? null : file.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                throw misuse("no folder for " + Why.quoted(String.valueOf(file)));
            }
        }
    }

    private ParameterException misuse(String why) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
    }
}
