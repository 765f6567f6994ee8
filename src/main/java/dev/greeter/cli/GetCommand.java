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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        description = "Gets a page over HTTP and prints the whole response: status line, headers, a blank line, body.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the response is whole and its status under 400",
            "1:it is not, or there was none",
            "2:wrong usage"
        },
        footer = {
            "",
            "Redirects are printed, not followed. A body of over 16 MiB is cut there. Characters that control",
            "a terminal are escaped: in the status line and the headers always, in the body on a terminal.",
            "",
            "Over TLS without a target the service's own certificates are trusted, and no name is checked unless",
            "--server-name gives one. A service that asks for a client's certificate gets its own.",
            "",
            "Examples:",
            "  greeter get",
            "  greeter get localhost:8080/stats?scope=node",
            "  greeter get https://greeter.example/ --timeout 2s",
            "  greeter get https://localhost:8443/ --ca ca.pem --server-name greeter.example"
        })
final class GetCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final ConfiguredService service;

    @Parameters(
            index = "0",
            paramLabel = "[URL]",
            arity = "0..1",
            hideParamSyntax = true,
            description =
                    "The page; without a scheme it is http. Default: http://localhost:8080/, or the service that the"
                            + " environment configures.")
    private @Nullable Url url;

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    GetCommand(Terminal terminal, ConfiguredService service) {
        this.terminal = terminal;
        this.service = service;
    }

    @Override
    public Integer call() throws ClientException, ConfigException, InterruptedException {
        Url page = url == null ? service.http() : url;
        ClientTls over = url == null ? service.httpTls(tls) : tls.read(page.isTls());
        HttpFetch.Answer answer;
        try (ClientVertx own = new ClientVertx()) {
            answer = own.answer(new HttpFetch(own.vertx(), over).get(page, timeout.duration()), timeout.duration());
        }
        print(answer);
        if (answer.broken() != null) {
            throw new ClientException(page.toString(), answer.broken());
        }
        return answer.isError() ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    /** A body goes octet by octet into a pipe or a file, but must not command a screen. */
    private void print(HttpFetch.Answer answer) {
        terminal.out().println(TerminalText.visible(answer.statusLine()));
        answer.headers()
                .forEach(field ->
                        terminal.out().println(TerminalText.visible(field.getKey() + ": " + field.getValue())));
        terminal.out().println();
        if (terminal.interactive()) {
            terminal.out().print(TerminalText.lines(answer.body().toString()));
        } else {
            terminal.out().writeBytes(answer.body().getBytes());
        }
        terminal.out().flush();
    }
}
