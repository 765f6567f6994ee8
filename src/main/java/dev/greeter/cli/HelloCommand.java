package dev.greeter.cli;

import dev.greeter.cli.options.Terminal;
import dev.greeter.cli.options.TimeoutOption;
import dev.greeter.cli.options.TlsOptions;
import dev.greeter.cli.options.WholeNumberConverter;
import dev.greeter.client.ClientException;
import dev.greeter.client.ClientVertx;
import dev.greeter.client.GreetingClient;
import dev.greeter.client.GreetingTarget;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.config.ConfigException;
import dev.greeter.protocol.Reply;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "hello",
        description = "Greets a server over TCP or TLS and prints its answer, World.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every greeting was answered with World",
            "1:one was not, which ends the command",
            "2:wrong usage"
        },
        footer = {
            "",
            "Over TLS without a target the service's own certificates are trusted, and no name is checked unless",
            "--server-name gives one. A service that asks for a client's certificate gets its own.",
            "",
            "Examples:",
            "  greeter hello",
            "  greeter hello greeter.example:1234 --timeout 500ms",
            "  greeter hello [::1]:1234 --session --count 1000",
            "  greeter hello --who",
            "  greeter hello tls://greeter.example --ca ca.pem --cert client.pem --key client-key.pem"
        })
final class HelloCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final ConfiguredService service;

    @Parameters(
            index = "0",
            paramLabel = "[[tls://]HOST[:PORT]]",
            hideParamSyntax = true,
            arity = "0..1",
            description =
                    "The server, with tls:// over TLS. Default: localhost:1234, or the service that the environment configures.")
    private @Nullable GreetingTarget target;

    @Option(
            names = "--session",
            description = "Send all greetings over one connection, pipelined, and check that each gets its own answer."
                    + " Default: a connection for each.")
    private boolean session;

    @Option(names = "--who", description = "First ask for the node's name, which needs and implies --session.")
    private boolean who;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "1",
            converter = WholeNumberConverter.Positive.class,
            description = "How many greetings to send. Default: ${DEFAULT-VALUE}.")
    private long count = 1;

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    HelloCommand(Terminal terminal, ConfiguredService service) {
        this.terminal = terminal;
        this.service = service;
    }

    @Override
    public Integer call() throws ClientException, ConfigException, InterruptedException {
        GreetingTarget to = target == null ? service.greeting() : target;
        ClientTls over = target == null ? service.greetingTls(tls) : tls.read(to.isTls());
        try (ClientVertx own = new ClientVertx()) {
            GreetingClient client = new GreetingClient(own.vertx(), over);
            if (session || who) {
                converse(own, client, to);
            } else {
                greet(own, client, to);
            }
        }
        return ExitCode.OK;
    }

    private void greet(ClientVertx own, GreetingClient client, GreetingTarget to)
            throws ClientException, InterruptedException {
        for (long i = 0; i < count && !terminal.isClosed(); i++) {
            own.answer(client.greet(to, timeout.duration()), timeout.duration());
            terminal.out().println("World");
        }
    }

    /** Goes on with another connection when a server drains: greetings without an answer were not processed. */
    private void converse(ClientVertx own, GreetingClient client, GreetingTarget to)
            throws ClientException, InterruptedException {
        long left = count;
        while (left > 0 && !terminal.isClosed()) {
            boolean askWho = who && left == count;
            long answered =
                    own.answer(client.converse(to, timeout.duration(), askWho, left, this::print), timeout.duration());
            if (answered == 0 && !terminal.isClosed()) {
                throw new ClientException(to.toString(), "drains, and answered none of " + left);
            }
            left -= answered;
        }
    }

    /** Prints a reply, and returns whether somebody still reads the output. */
    private boolean print(Reply reply) {
        terminal.out().println(reply instanceof Reply.World ? "World" : GreetingClient.text(reply));
        return !terminal.isClosed();
    }
}
