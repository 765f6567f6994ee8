package dev.greeter.cli;

import dev.greeter.cli.options.Terminal;
import dev.greeter.cli.options.TimeoutOption;
import dev.greeter.cli.options.TlsOptions;
import dev.greeter.client.ClientException;
import dev.greeter.client.ClientVertx;
import dev.greeter.client.HttpFetch;
import dev.greeter.client.TerminalText;
import dev.greeter.client.Url;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.config.ConfigException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "health",
        description = "Asks a node whether it is ready, and prints its status and each of its checks.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:UP", "1:anything else", "2:wrong usage"},
        footer = {
            "",
            "Over TLS without a target the service's own certificates are trusted, and no name is checked unless",
            "--server-name gives one. A service that asks for a client's certificate gets its own.",
            "",
            "Examples:",
            "  greeter health",
            "  greeter health localhost:9090/livez --timeout 1s",
            "  HEALTHCHECK CMD [\"java\", \"-jar\", \"greeter.jar\", \"health\", \"--insecure\"]"
        })
final class HealthCommand implements Callable<Integer> {
    private static final String UP = "UP";
    private static final String DEFAULT_PATH = "/readyz";

    private final Terminal terminal;
    private final ConfiguredService service;

    @Parameters(
            index = "0",
            paramLabel = "[URL]",
            hideParamSyntax = true,
            arity = "0..1",
            description = "The node's management server; without a path it is " + DEFAULT_PATH
                    + ". Default: http://localhost:9090, or the service that the environment configures.")
    private @Nullable Url url;

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    HealthCommand(Terminal terminal, ConfiguredService service) {
        this.terminal = terminal;
        this.service = service;
    }

    @Override
    public Integer call() throws ClientException, ConfigException, InterruptedException {
        Url readiness = (url == null ? service.management() : url).orPath(DEFAULT_PATH);
        ClientTls over = url == null ? service.managementTls(tls) : tls.read(readiness.isTls());
        HttpFetch.Answer answer;
        try (ClientVertx own = new ClientVertx()) {
            answer =
                    own.answer(new HttpFetch(own.vertx(), over).get(readiness, timeout.duration()), timeout.duration());
        }
        JsonObject health = answer.json(readiness, "health");
        if (!(health.getValue("status") instanceof String)) {
            throw answer.without(readiness, "health");
        }
        String status = health.getString("status");
        terminal.out().println(TerminalText.brief(status));
        if (health.getValue("checks") instanceof JsonArray checks) {
            checks.forEach(this::printCheck);
        }
        return status.equals(UP) && !answer.isError() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void printCheck(Object check) {
        if (check instanceof JsonObject json) {
            String data =
                    json.getValue("data") instanceof JsonObject told && !told.isEmpty() ? " " + told.encode() : "";
            terminal.out()
                    .println(TerminalText.brief("  " + json.getValue("id") + ": " + json.getValue("status") + data));
        }
    }
}
