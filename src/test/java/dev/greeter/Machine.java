package dev.greeter;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What a test needs of the machine beside the JDK and Maven. */
public final class Machine {
    private Machine() {}

    /** The path of a program that the test needs. */
    public static String program(String name) {
        Optional<Path> program = Stream.concat(
                        Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        needs(program.isPresent(), "the program " + name);
        return program.orElseThrow().toString();
    }

    /** Unless it is there the test is aborted, or fails where {@code CI} is {@code true}: there nothing may be left out. */
    public static void needs(boolean there, String what) {
        if (!there) {
            String line = "this machine lacks " + what;
            if ("true".equals(System.getenv("CI"))) {
                fail(line);
            }
            abort(line);
        }
    }
}
