package dev.greeter.cli;

import dev.greeter.cli.options.Converters;
import dev.greeter.cli.options.Terminal;
import dev.greeter.cli.probe.ProbeCommand;
import dev.greeter.client.ClientException;
import dev.greeter.client.GreetingTarget;
import dev.greeter.client.TerminalText;
import dev.greeter.client.Unexpected;
import dev.greeter.client.Url;
import dev.greeter.config.Config;
import dev.greeter.config.ConfigException;
import dev.greeter.config.ConfigSources;
import dev.greeter.config.Suggestion;
import dev.greeter.config.Version;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
@Command(
        name = "greeter",
        description = "A greeting service over TCP and HTTP, and the clients that talk to it.",
        mixinStandardHelpOptions = true,
        versionProvider = Commands.VersionLine.class,
        synopsisSubcommandLabel = "[COMMAND]",
        footer = {
            "",
            "Without a command it serves: 'greeter --port 0' is 'greeter serve --port 0'.",
            "'greeter COMMAND --help' shows a command's options, with examples."
        })
public final class Commands {
    /** A shell's exit code for a process that SIGINT ended. */
    private static final int INTERRUPTED = 130;

    private static final int HELP_COLUMNS = 100;
    private static final Set<String> OWN_OPTIONS = Set.of("-h", "--help", "-V", "--version");

    /** In the order of the help. */
    private static final List<String> NAMES = List.of("serve", "hello", "get", "stats", "health", "probe");

    /** Picocli's prefix of the messages of our converters. */
    private static final Pattern INVALID_OPTION = Pattern.compile("^Invalid value for option '([^']+)'[^:]*: ");

    private static final Pattern INVALID_POSITION =
            Pattern.compile("^Invalid value for positional parameter at index [\\d.*]+ \\(\\S+\\): ");

    /** What {@code greeter serve} runs. The composition root gives it, because this package knows nothing of servers. */
    @FunctionalInterface
    public interface Service {
        /**
         * Serves until a signal stops it.
         *
         * @param sources gave the configuration, and may give another while it serves
         * @return the exit code
         */
        int serve(Config config, ConfigSources sources) throws InterruptedException;
    }

    /** The version of the jar that runs. */
    static final class VersionLine implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"greeter " + Version.number()};
        }
    }

    private Commands() {}

    /**
     * Runs one command to its end. Failures are one line on {@code err} each, never a stack trace.
     *
     * @param env the environment, which configures {@code serve}, and the target of a command that names none
     * @param service what {@code serve} runs
     * @return the exit code: 0 done, 1 an exchange or a query failed, 2 wrong usage or configuration, or the service's
     *     own
     */
    public static int run(Map<String, String> env, PrintStream out, PrintStream err, Service service, String... args) {
        boolean dumb = "dumb".equals(env.get("TERM"));
        Terminal terminal = new Terminal(
                out, err, !dumb && Terminal.isScreen(1), Terminal.isPipe(1), !dumb && Terminal.isScreen(2));
        return run(env, terminal, service, RawArguments.arguments(args));
    }

    static int run(Map<String, String> env, Terminal terminal, Service service, String... args) {
        PrintWriter err = new PrintWriter(terminal.err(), true, Charset.defaultCharset());
        String[] given = isServe(args) ? served(args) : args;
        CommandLine commands = new CommandLine(new Commands());
        // picocli reads a command's annotations by reflection, which takes a fresh JVM 20 ms of CPU for each
        boolean named = NAMES.contains(given[0]);
        for (String name : named ? List.of(given[0]) : NAMES) {
            commands.addSubcommand(command(name, env, terminal, service));
        }
        if (!named) {
            // a script for all the others
            commands.addSubcommand(new GenerateCompletion());
        }
        commands.registerConverter(Path.class, Converters::path)
                .registerConverter(Url.class, Converters::url)
                .registerConverter(GreetingTarget.class, Converters::server)
                .registerConverter(Duration.class, Converters::duration)
                .setOut(new PrintWriter(terminal.out(), true, Charset.defaultCharset()))
                .setErr(err)
                .setColorScheme(Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpWidth(HELP_COLUMNS)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((misuse, arguments) -> failed(err, misuse))
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(err, failure, command));
        int code = execute(commands, err, given);
        // a print stream does not report a full disk by itself
        if (terminal.isClosed() && !terminal.piped()) {
            err.println("greeter: standard output cannot be written");
            return code == ExitCode.OK ? ExitCode.SOFTWARE : code;
        }
        return code;
    }

    private static CommandLine command(String name, Map<String, String> env, Terminal terminal, Service service) {
        ConfiguredService configured = new ConfiguredService(env);
        return switch (name) {
            case "serve" -> withHelp(new ServeCommand(env, service));
            case "hello" -> withHelp(new HelloCommand(terminal, configured));
            case "get" -> withHelp(new GetCommand(terminal, configured));
            case "stats" -> withHelp(new StatsCommand(terminal, configured));
            case "health" -> withHelp(new HealthCommand(terminal, configured));
            case "probe" -> withHelp(new ProbeCommand(terminal));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static CommandLine withHelp(Object command) {
        CommandLine line = new CommandLine(command);
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Print this help and exit.")
                        .build());
        return line;
    }

    /** An error that picocli does not catch is one line too. */
    private static int execute(CommandLine commands, PrintWriter err, String[] args) {
        try {
            return commands.execute(args);
        } catch (Error e) {
            err.println("greeter: " + TerminalText.visible(Unexpected.says(e)));
            return ExitCode.SOFTWARE;
        }
    }

    private static Throwable cause(Exception failure) {
        Throwable cause = failure.getCause();
        return failure instanceof IllegalStateException && cause != null ? cause : failure;
    }

    private static boolean isServe(String[] args) {
        return args.length == 0 || (args[0].startsWith("-") && !OWN_OPTIONS.contains(args[0]));
    }

    private static String[] served(String[] args) {
        return Stream.concat(Stream.of("serve"), Stream.of(args)).toArray(String[]::new);
    }

    private static int failed(PrintWriter err, ParameterException misuse) {
        String command = misuse.getCommandLine().getCommandSpec().qualifiedName();
        String what = Objects.requireNonNullElse(misuse.getMessage(), "wrong usage");
        String shorter = INVALID_POSITION
                .matcher(INVALID_OPTION.matcher(what).replaceFirst("$1: "))
                .replaceFirst("");
        err.println(command + ": " + TerminalText.visible(shorter) + suggestion(misuse));
        err.println("Try '" + command + " --help'.");
        return ExitCode.USAGE;
    }

    private static String suggestion(ParameterException misuse) {
        if (!(misuse instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return "";
        }
        String given = unmatched.getUnmatched().get(0);
        int value = given.indexOf('=');
        CommandLine command = misuse.getCommandLine();
        List<String> names = given.startsWith("--")
                ? List.copyOf(command.getCommandSpec().optionsMap().keySet())
                : List.copyOf(command.getSubcommands().keySet());
        return Suggestion.nearest(value < 0 ? given : given.substring(0, value), names)
                .map(nearest -> "; did you mean " + nearest + "?")
                .orElse("");
    }

    private static int failed(PrintWriter err, Exception failure, CommandLine command) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof ConfigException wrong) {
            wrong.lines().forEach(line -> err.println(name + ": " + line));
            return ExitCode.USAGE;
        }
        String why = failure instanceof ClientException ? failure.getMessage() : Unexpected.says(cause(failure));
        err.println(name + ": " + TerminalText.visible(Objects.requireNonNullElse(why, "")));
        return ExitCode.SOFTWARE;
    }
}
