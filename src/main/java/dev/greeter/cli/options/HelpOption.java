package dev.greeter.cli.options;

import picocli.CommandLine.Option;

/** What every command has. */
public final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help and exit.")
    boolean asked;
}
