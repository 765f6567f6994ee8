package dev.greeter.cli.probe;

import dev.greeter.bus.Protocol;
import dev.greeter.cli.options.LabelConverter;
import dev.greeter.cli.options.Terminal;
import dev.greeter.cli.options.TlsOptions;
import dev.greeter.cli.options.WholeNumberConverter;
import dev.greeter.client.ClientException;
import dev.greeter.client.ClientVertx;
import dev.greeter.client.NetworkErrors;
import dev.greeter.client.TerminalText;
import dev.greeter.client.Url;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.config.value.Durations;
import dev.greeter.config.value.HostPort;
import dev.greeter.probe.Limits;
import dev.greeter.probe.Plan;
import dev.greeter.probe.Probe;
import dev.greeter.probe.ProbeServer;
import dev.greeter.probe.Report;
import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.Target;
import dev.greeter.probe.report.TextReport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
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
            "1:beyond, or the report is not written",
            "2:wrong usage"
        },
        footer = {
            "",
            "HOST:PORT is greeted, over TLS behind tls://, in the forms oneshot (a new connection each) and session (persistent);",
            "a URL is requested in the forms http (a new connection each) and http-keepalive (persistent).",
            "Ctrl-C ends it early, with a full report; a second one at once, with what there is by then.",
            "",
            "Examples:",
            "  greeter probe localhost:1234 http://localhost:8080/",
            "  greeter probe --rate 200 --duration 2m --max-lost 0 greeter:1234 http://greeter:8080/",
            "  greeter probe --forms session --rate max --duration 10s --connections 2 greeter:1234",
            "  greeter probe --forever --rate 5 greeter:1234 https://greeter.example/",
            "  greeter probe --count 5000 --verify http://greeter:8080 --json report.json greeter:1234"
        })
public final class ProbeCommand implements Callable<Integer> {
    private static final HostPort DEFAULT_METRICS = new HostPort("0.0.0.0", 9091);
    private static final Duration LISTEN_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);
    private static final Duration LAST_READINGS = Duration.ofMinutes(2);

    static final class FormChoice extends LabelConverter<Mode> {
        FormChoice() {
            super(Mode.values(), Mode::label);
        }
    }

    /** Reads how long before their end certificates are reported; zero is never. */
    static final class ExpiryConverter implements ITypeConverter<Duration> {
        private static final Duration MAX = Duration.ofDays(3_650);

        @Override
        public Duration convert(String text) {
            return Durations.read(text)
                    .filter(duration -> duration.compareTo(MAX) <= 0)
                    .orElseThrow(() -> new TypeConversionException(
                            TerminalText.quoted(text) + " is not a duration up to 3650d, such as 14d or 36h"));
        }
    }

    private final Terminal terminal;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "1..*",
            paramLabel = "TARGET",
            converter = TargetConverter.class,
            description = "HOST:PORT, tls://HOST:PORT, or a URL with its scheme.")
    private List<Target> targets = List.of();

    @Option(
            names = "--forms",
            paramLabel = "FORM",
            split = ",",
            converter = FormChoice.class,
            completionCandidates = FormChoice.class,
            description = "Which of ${COMPLETION-CANDIDATES}, with commas. Default: all that the targets have.")
    private List<Mode> modes = List.of();

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Option(
            names = "--max-lost",
            paramLabel = "N",
            defaultValue = "0",
            converter = WholeNumberConverter.NotNegative.class,
            description = "How many exchanges may be lost, all forms together. Default: ${DEFAULT-VALUE}.")
    private long maxLost;

    @Option(
            names = "--max-p99",
            paramLabel = "DURATION",
            description = "What p99 of the latency of each form may be. Default: any.")
    private @Nullable Duration maxP99;

    @Option(
            names = "--verify",
            paramLabel = "URL",
            description = "Compare with what the service counted; without a path it is /stats.")
    private @Nullable Url verify;

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Option(
            names = "--warn-expiry",
            paramLabel = "DURATION",
            defaultValue = "14d",
            converter = ExpiryConverter.class,
            description = "Report the targets over TLS whose certificates end within it; 0s reports none. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Duration warnExpiry = Duration.ZERO;

    @Option(
            names = "--metrics",
            paramLabel = "[HOST:]PORT",
            converter = ListenAddressConverter.class,
            description = "Serve /metrics for Prometheus, /livez and /gate while it runs; 0 takes a free port. Default:"
                    + " none, with --forever 9091.")
    private @Nullable HostPort metrics;

    @Mixin
    private ReportOptions reports = new ReportOptions();

    public ProbeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ClientException, InterruptedException {
        List<Scenario> scenarios = scenarios();
        Load asked = load.load();
        ClientTls over = tls.read(isTls());
        try (ReportOptions.Open files = reports.open();
                PrintStream notes = new PrintStream(new LossyStream(terminal.err()), true, Charset.defaultCharset())) {
            Vertx vertx = Probe.vertx(scenarios.size());
            try {
                return run(vertx, plan(vertx, scenarios, asked, over), files, notes);
            } finally {
                vertx.close();
            }
        }
    }

    private int run(Vertx vertx, Plan plan, ReportOptions.Open files, PrintStream notes)
            throws ClientException, InterruptedException {
        Probe probe = new Probe(vertx, plan);
        Duration order = plan.timeout().plus(verify == null ? LAST_ANSWERS : LAST_READINGS);
        try (InterruptHook early = new InterruptHook(probe::stop, order, probe::abort)) {
            serveMetrics(vertx, probe, notes);
            Report report = new ProgressPrinter(notes, plan, probe)
                    .follow(probe.run().toCompletionStage().toCompletableFuture(), terminal.draws());
            early.runIsOver();
            report.failure().ifPresent(what -> notes.println("greeter probe: failed unexpectedly: " + what));
            List<String> unwritten = files.write(report);
            unwritten.forEach(line -> notes.println("greeter probe: " + line));
            terminal.out().print(TextReport.of(report));
            terminal.out().flush();
            return report.isWithinLimits() && unwritten.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private void serveMetrics(Vertx vertx, Probe probe, PrintStream notes)
            throws ClientException, InterruptedException {
        HostPort address = metrics != null ? metrics : load.isForever() ? DEFAULT_METRICS : null;
        if (address != null) {
            int port = ClientVertx.await(
                    new ProbeServer(vertx, probe)
                            .listen(address.host(), address.port())
                            .recover(cause -> Future.failedFuture(new ClientException(
                                    address.toString(), "cannot listen, " + NetworkErrors.said(cause))))
                            .toCompletionStage()
                            .toCompletableFuture(),
                    LISTEN_TIMEOUT);
            notes.println("greeter probe: metrics on http://" + new HostPort(address.host(), port) + "/metrics");
        }
    }

    private Plan plan(Vertx vertx, List<Scenario> scenarios, Load asked, ClientTls over) {
        return new Plan(
                Integer.toHexString(ThreadLocalRandom.current().nextInt()),
                scenarios,
                asked,
                load.warmup(),
                load.connections(),
                load.timeout(),
                over,
                warnExpiry,
                new Limits(maxLost, Optional.ofNullable(maxP99)),
                Optional.ofNullable(verify).map(url -> new StatsReader(vertx, url, over, load.timeout())::read));
    }

    private boolean isTls() {
        return targets.stream().anyMatch(Target::tls) || (verify != null && verify.isTls());
    }

    private List<Scenario> scenarios() {
        for (int i = 1; i < targets.size(); i++) {
            Target target = targets.get(i);
            targets.subList(0, i).stream().filter(target::isSame).findFirst().ifPresent(same -> {
                throw misuse("a target is given twice: " + TerminalText.quoted(same.name()) + " and "
                        + TerminalText.quoted(target.name()));
            });
        }
        List<Scenario> scenarios = new ArrayList<>();
        for (Target target : targets) {
            Mode.of(target.protocol()).stream()
                    .filter(mode -> modes.isEmpty() || modes.contains(mode))
                    .forEach(mode -> scenarios.add(new Scenario(mode, target)));
        }
        for (Mode mode : modes) {
            if (scenarios.stream().noneMatch(scenario -> scenario.mode() == mode)) {
                String needs = mode.protocol() == Protocol.HTTP ? "a URL" : "HOST:PORT";
                throw misuse("--forms has " + mode.label() + ", which needs " + needs + " as a target");
            }
        }
        return scenarios;
    }

    private ParameterException misuse(String why) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
    }
}
