package dev.greeter.cli;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.bus.Stats;
import dev.greeter.bus.StatsQuery;
import dev.greeter.cli.options.LabelConverter;
import dev.greeter.cli.options.Terminal;
import dev.greeter.cli.options.TimeoutOption;
import dev.greeter.cli.options.TlsOptions;
import dev.greeter.client.BridgeClient;
import dev.greeter.client.ClientException;
import dev.greeter.client.ClientVertx;
import dev.greeter.client.HttpFetch;
import dev.greeter.client.NetworkErrors;
import dev.greeter.client.TerminalText;
import dev.greeter.client.Url;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.config.ConfigException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "stats",
        description =
                "Prints what a service has counted: exchanges by protocol and outcome, their rates, latency, nodes.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:printed", "1:there was no answer, or it was none", "2:wrong usage"},
        footer = {
            "",
            "Latency is service time, from a request's last octet to its answer's hand-over.",
            "",
            "Over TLS without a target the service's own certificates are trusted, and no name is checked unless",
            "--server-name gives one. A service that asks for a client's certificate gets its own.",
            "",
            "Examples:",
            "  greeter stats",
            "  greeter stats greeter.example:8080 --scope node --json",
            "  greeter stats --watch --over event-bus"
        })
final class StatsCommand implements Callable<Integer> {
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);
    private static final Duration FOR_EVER = Duration.ofDays(36_500);
    private static final String HTTP_PATH = "/stats";
    private static final String BUS_PATH = "/eventbus/websocket";

    /** The transport of the query. */
    enum Way {
        HTTP("http"),
        EVENT_BUS("event-bus");

        private final String word;

        Way(String word) {
            this.word = word;
        }
    }

    static final class WayChoice extends LabelConverter<Way> {
        WayChoice() {
            super(Way.values(), way -> way.word);
        }
    }

    static final class ScopeChoice extends LabelConverter<Stats.Scope> {
        ScopeChoice() {
            super(Stats.Scope.values(), Stats.Scope::label);
        }
    }

    private final Terminal terminal;
    private final ConfiguredService service;
    /** Written on the event loop too. */
    private volatile boolean shown;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "[URL]",
            hideParamSyntax = true,
            arity = "0..1",
            description = "A node, any of the cluster; without a path it is " + HTTP_PATH + ", or " + BUS_PATH
                    + " over the event bus. Default: http://localhost:8080, or the service that the environment"
                    + " configures.")
    private @Nullable Url url;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            defaultValue = "cluster",
            converter = ScopeChoice.class,
            completionCandidates = ScopeChoice.class,
            description = "Whose counts: cluster, or node for the one that answers. Default: ${DEFAULT-VALUE}.")
    private Stats.Scope scope = Stats.Scope.CLUSTER;

    @Option(names = "--watch", description = "Print again every second until Ctrl-C, over the last ones on a terminal.")
    private boolean watch;

    @Option(names = "--json", description = "Print the JSON document as it came, on one line.")
    private boolean json;

    @Option(
            names = "--over",
            paramLabel = "WAY",
            defaultValue = "http",
            converter = WayChoice.class,
            completionCandidates = WayChoice.class,
            description = "What to ask over: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Way way = Way.HTTP;

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    StatsCommand(Terminal terminal, ConfiguredService service) {
        this.terminal = terminal;
        this.service = service;
    }

    @Override
    public Integer call() throws ClientException, ConfigException, InterruptedException {
        if (watch && way == Way.EVENT_BUS && scope == Stats.Scope.NODE) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "Over the event bus --watch shows the cluster; --scope node needs --over http");
        }
        ClientTls over = url == null ? service.httpTls(tls) : tls.read(url.isTls());
        try (ClientVertx own = new ClientVertx()) {
            switch (way) {
                case HTTP -> {
                    HttpFetch http = new HttpFetch(own.vertx(), over);
                    run(() -> ask(own, http));
                }
                case EVENT_BUS -> {
                    BridgeClient bus = new BridgeClient(own.vertx(), over);
                    run(watch ? () -> follow(own, bus) : () -> ask(own, bus));
                }
            }
        }
        return ExitCode.OK;
    }

    /** Runs the step once, or until nobody reads the output. After a first success it may fail: another node may take over. */
    private void run(Step step) throws ClientException, ConfigException, InterruptedException {
        if (!watch) {
            step.run();
            return;
        }
        while (!terminal.isClosed()) {
            try {
                step.run();
            } catch (ClientException e) {
                if (!shown) {
                    throw e;
                }
                terminal.err().println("greeter stats: " + e.getMessage());
            }
            Thread.sleep(WATCH_INTERVAL.toMillis());
        }
    }

    private void ask(ClientVertx own, HttpFetch http) throws ClientException, ConfigException, InterruptedException {
        Url from = server().orPath(HTTP_PATH).with("scope", scope.label());
        HttpFetch.Answer answer = own.answer(http.get(from, timeout.duration()), timeout.duration());
        JsonObject document = answer.json(from, "stats");
        if (answer.isError()) {
            throw answer.without(from, "stats");
        }
        show(from, answer.body().toString().strip(), document);
    }

    private void ask(ClientVertx own, BridgeClient bus) throws ClientException, ConfigException, InterruptedException {
        Url from = server().orPath(BUS_PATH);
        JsonObject query = new StatsQuery(scope).toJson();
        JsonObject document =
                own.answer(bus.request(from, Addresses.STATS, query, timeout.duration()), timeout.duration());
        show(from, document.encode(), document);
    }

    private void follow(ClientVertx own, BridgeClient bus)
            throws ClientException, ConfigException, InterruptedException {
        Predicate<JsonObject> showing = document -> {
            show(document.encode(), document);
            return !terminal.isClosed();
        };
        own.answer(bus.subscribe(server().orPath(BUS_PATH), Addresses.UPDATES, showing, timeout.duration()), FOR_EVER);
    }

    private Url server() throws ConfigException {
        return url == null ? service.http() : url;
    }

    private void show(Url from, String text, JsonObject document) throws ClientException {
        try {
            show(text, document);
        } catch (BadMessageException e) {
            throw new ClientException(from.toString(), "answered wrong " + NetworkErrors.said(e));
        }
    }

    private void show(String text, JsonObject document) {
        Stats stats = Stats.fromJson(document);
        if (json) {
            terminal.out().println(TerminalText.json(text));
        } else if (watch) {
            terminal.redraw(StatsTable.of(stats) + "\n");
        } else {
            terminal.out().print(StatsTable.of(stats));
        }
        terminal.out().flush();
        shown = true;
    }

    private interface Step {
        void run() throws ClientException, ConfigException, InterruptedException;
    }
}
