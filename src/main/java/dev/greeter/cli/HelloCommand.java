package dev.greeter.cli;

import dev.greeter.cli.options.Terminal;
import dev.greeter.cli.options.TimeoutOption;
import dev.greeter.cli.options.WholeNumberConverter;
import dev.greeter.client.ClientException;
import dev.greeter.client.ClientVertx;
import dev.greeter.client.GreetingClient;
import dev.greeter.config.ConfigException;
import dev.greeter.config.value.HostPort;
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
        description = "Greets a server over TCP and prints its answer, World.",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every greeting was answered with World",
            "1:one was not, which ends the command",
            "2:wrong usage"
        },
        footer = {
            "",
            "Examples:",
            "  greeter hello",
            "  greeter hello greeter.example:1234 --timeout 500ms",
            "  greeter hello [::1]:1234 --session --count 1000",
            "  greeter hello --who"
        })
final class HelloCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final ConfiguredService service;

    @Parameters(
            index = "0",
            paramLabel = "[HOST[:PORT]]",
            hideParamSyntax = true,
            arity = "0..1",
            description = "The server. Default: localhost:1234, or the service that the environment configures.")
    private @Nullable HostPort server;

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

    HelloCommand(Terminal terminal, ConfiguredService service) {
        this.terminal = terminal;
        this.service = service;
    }

    @Override
    public Integer call() throws ClientException, ConfigException, InterruptedException {
        HostPort to = server == null ? service.greeting() : server;
        try (ClientVertx own = new ClientVertx()) {
            GreetingClient client = new GreetingClient(own.vertx());
            if (session || who) {
                converse(own, client, to);
            } else {
                greet(own, client, to);
            }
        }
        return ExitCode.OK;
    }

    private void greet(ClientVertx own, GreetingClient client, HostPort to)
            throws ClientException, InterruptedException {
        for (long i = 0; i < count && !terminal.isClosed(); i++) {
            own.answer(client.greet(to, timeout.duration()), timeout.duration());
            terminal.out().println("World");
        }
    }

    /** Goes on with another connection when a server drains: greetings without an answer were not processed. */
    private void converse(ClientVertx own, GreetingClient client, HostPort to)
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
