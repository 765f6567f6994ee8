package dev.greeter.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.GreeterProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code target/greeter}: the jar, started from the archive that the build made. */
class LauncherIT {
    private static final Path LAUNCHER = Path.of(GreeterProcess.jar()).resolveSibling("greeter");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private record Ended(int code, String output) {}

    @Test
    void startsTheServiceAndACommandFromTheArchive() throws Exception {
        Path loaded = folder.resolve("service.classes");
        try (GreeterProcess greeter = GreeterProcess.run(
                folder,
                List.of(LAUNCHER.toString(), "--set=greeting.port=0", "--set=http.port=0", "--set=management.port=0"),
                environment(loaded))) {
            greeter.awaitReady();
            Path link = Files.createSymbolicLink(folder.resolve("hello"), LAUNCHER);
            assertThat(run(link, "command.classes", "hello", "127.0.0.1:" + greeter.greetingPort()))
                    .isEqualTo(new Ended(0, "World\n"));
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
        }
        assertThat(partOfTheArchive(loaded)).isGreaterThan(0.8);
        assertThat(partOfTheArchive(folder.resolve("command.classes"))).isGreaterThan(0.8);
    }

    @Test
    void startsWithoutTheArchiveWhereItDoesNotFit() throws Exception {
        Path moved = Files.copy(LAUNCHER, folder.resolve("greeter"));
        Files.copy(Path.of(GreeterProcess.jar()), folder.resolve("greeter.jar"));
        assertThat(run(moved, "none.classes", "--version").code()).isZero();
        Files.copy(LAUNCHER.resolveSibling("greeter.jsa"), folder.resolve("greeter.jsa"));
        assertThat(run(moved, "moved.classes", "--version").output()).matches("greeter \\S+\n");
        assertThat(partOfTheArchive(folder.resolve("moved.classes"))).isLessThan(0.8);
    }

    @Test
    void endsAsTheCommandDoes() throws Exception {
        assertThat(run(LAUNCHER, "usage.classes", "hello", "--no-such-option").code())
                .isEqualTo(2);
        assertThat(run(LAUNCHER, "failed.classes", "hello", "127.0.0.1:1").code())
                .isEqualTo(1);
    }

    /** The JVM refuses two collectors. */
    @ParameterizedTest
    @ValueSource(strings = {"JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"})
    void leavesTheCollectorToTheJvmsOwnOptions(String variable) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(LAUNCHER.toString(), "hello", "--help");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put(variable, "-Xmx64m -XX:+UseParallelGC");
        Process process =
                builder.redirectError(folder.resolve("errors").toFile()).start();
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).startsWith("Usage: greeter hello");
        assertThat(process.waitFor()).isZero();
    }

    private Ended run(Path launcher, String classes, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment(folder.resolve(classes)));
        builder.redirectError(folder.resolve(classes + ".errors").toFile());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), output);
    }

    /** The JVM that built the archive, which writes down each class that it loads. */
    private static Map<String, String> environment(Path loaded) {
        return Map.of(
                "JAVA_HOME", System.getProperty("java.home"),
                "PATH", System.getenv("PATH"),
                "JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + loaded);
    }

    /** Of the classes that were loaded; those of lambdas that the archive cannot have are counted too. */
    private static double partOfTheArchive(Path loaded) throws IOException {
        try (Stream<String> lines = Files.lines(loaded)) {
            List<String> classes =
                    lines.filter(line -> line.contains("source: ")).toList();
            double archived = classes.stream()
                    .filter(line -> line.contains("source: shared objects file"))
                    .count();
            return archived / classes.size();
        }
    }
}
