package dev.greeter.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command printed and how it ended.
 *
 * @param code its exit code
 */
public record Cli(int code, String out, String err) {
    public static Cli run(String... args) {
        return run(Map.of(), (config, sources) -> 0, args);
    }

    public static Cli run(Map<String, String> env, Commands.Service service, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Commands.run(env, stream(out), stream(err), service, args);
        return new Cli(code, out.toString(UTF_8), err.toString(UTF_8));
    }

    public static Cli done(String out) {
        return new Cli(0, out, "");
    }

    /** Failed with this one line and nothing else. */
    public static Cli failed(String err) {
        return new Cli(1, "", err + "\n");
    }

    public static Cli misused(String err) {
        return new Cli(2, "", err + "\n");
    }

    static PrintStream stream(ByteArrayOutputStream octets) {
        return new PrintStream(octets, true, UTF_8);
    }
}
