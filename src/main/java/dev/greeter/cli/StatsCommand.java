package dev.greeter.cli;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.BadMessageException;
import dev.greeter.bus.Stats;
import dev.greeter.bus.StatsQuery;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
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

    /** What the query goes over. */
    enum Way {
        HTTP("http"),
        EVENT_BUS("event-bus");

        private final String label;

        Way(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    /** Reads a scope as the query says it. */
    static final class ScopeConverter implements ITypeConverter<Stats.Scope> {
        @Override
        public Stats.Scope convert(String text) {
            return Arrays.stream(Stats.Scope.values())
                    .filter(scope -> scope.label().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "expected one of " + new ScopeCandidates() + " but was " + Why.quoted(text)));
        }
    }

    /** What a shell completes. */
    static final class ScopeCandidates extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        ScopeCandidates() {
            super(Arrays.stream(Stats.Scope.values()).map(Stats.Scope::label).toList());
        }
    }

    private final Terminal terminal;
    private boolean shown;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "[URL]",
            hideParamSyntax = true,
            arity = "0..1",
            defaultValue = "http://localhost:8080",
            converter = Url.Converter.class,
            description = "A node, any of the cluster; without a path it is " + HTTP_PATH + ", or " + BUS_PATH
                    + " over the event bus. Default: ${DEFAULT-VALUE}.")
    private @Nullable Url url;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            defaultValue = "cluster",
            converter = ScopeConverter.class,
            completionCandidates = ScopeCandidates.class,
            description = "Whose counts: cluster, or node for the one that answers. Default: ${DEFAULT-VALUE}.")
    private Stats.Scope scope = Stats.Scope.CLUSTER;

    @Option(names = "--watch", description = "Print again every second until Ctrl-C, over the last ones on a terminal.")
    private boolean watch;

    @Option(names = "--json", description = "Print the JSON document as it came, on a line of its own.")
    private boolean json;

    @Option(
            names = "--over",
            paramLabel = "WAY",
            defaultValue = "http",
            description = "What to ask over: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Way way = Way.HTTP;

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Mixin
    HelpOption help = new HelpOption();

    StatsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ClientException, InterruptedException {
        if (watch && way == Way.EVENT_BUS && scope == Stats.Scope.NODE) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "Over the event bus --watch shows the cluster; --scope node needs --over http");
        }
        try (ClientVertx own = new ClientVertx()) {
            if (watch) {
                watch(own);
            } else {
                ask(own);
            }
        }
        return Commands.DONE;
    }

    /** Goes on when a node goes away once it has shown something: another may take its place. */
    private void watch(ClientVertx own) throws ClientException, InterruptedException {
        while (true) {
            try {
                if (way == Way.HTTP) {
                    ask(own);
                } else {
                    follow(own);
                }
            } catch (ClientException e) {
                if (!shown) {
                    throw e;
                }
                terminal.err().println("greeter stats: " + e.getMessage());
            }
            Thread.sleep(WATCH_INTERVAL.toMillis());
        }
    }

    private void ask(ClientVertx own) throws ClientException, InterruptedException {
        if (way == Way.HTTP) {
            Url from = Objects.requireNonNull(url).orPath(HTTP_PATH).with("scope", scope.label());
            HttpFetch.Answer answer =
                    ClientVertx.await(new HttpFetch(own.vertx()).get(from, timeout.duration()), timeout.duration());
            JsonObject document = answer.json(from, "stats");
            if (answer.isError()) {
                throw answer.no(from, "stats");
            }
            show(from, answer.body().toString().strip(), document);
        } else {
            Url from = bridge();
            JsonObject query = new StatsQuery(scope).toJson();
            JsonObject document = ClientVertx.await(
                    new BridgeClient(own.vertx()).request(from, Addresses.STATS, query, timeout.duration()),
                    timeout.duration());
            show(from, document.encode(), document);
        }
    }

    private void follow(ClientVertx own) throws ClientException, InterruptedException {
        ClientVertx.await(
                new BridgeClient(own.vertx())
                        .subscribe(
                                bridge(),
                                Addresses.UPDATES,
                                document -> show(document.encode(), document),
                                timeout.duration()),
                FOR_EVER);
    }

    private Url bridge() {
        return Objects.requireNonNull(url).orPath(BUS_PATH);
    }

    private void show(Url from, String text, JsonObject document) throws ClientException {
        try {
            show(text, document);
        } catch (BadMessageException e) {
            throw new ClientException(from.toString(), "answered wrong " + Why.of(e));
        }
    }

    private void show(String text, JsonObject document) {
        Stats stats = Stats.fromJson(document);
        String next = json ? text + "\n" : StatsTable.of(stats);
        if (watch && !json) {
            terminal.redraw(next + "\n");
        } else {
            terminal.out().print(next);
            terminal.out().flush();
        }
        shown = true;
    }
}
