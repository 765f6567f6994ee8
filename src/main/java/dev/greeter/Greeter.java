package dev.greeter;

import dev.greeter.cli.Commands;

/** The service's entry point. */
public final class Greeter {
    private Greeter() {}

    public static void main(String[] args) {
        System.exit(Commands.run(System.getenv(), System.out, System.err, config -> 0, args));
    }
}
