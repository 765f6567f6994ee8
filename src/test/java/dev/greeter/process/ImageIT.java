package dev.greeter.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.greeter.testing.GreeterProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the image's build takes for granted of the jar and of the JDK: src/docs/image.md has the build itself. */
class ImageIT {
    private static final Path DOCKER = Path.of("src/main/docker");
    /** What only a class that nothing uses refers to, and what is as large as a third of the rest. */
    private static final Set<String> LEFT_OUT = Set.of("java.desktop");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void hasTheModulesThatTheJarNeedsAndNoOthers() throws Exception {
        StringWriter out = new StringWriter();
        int exit = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(out),
                        "--ignore-missing-deps",
                        "--multi-release",
                        Integer.toString(Runtime.version().feature()),
                        "--print-module-deps",
                        GreeterProcess.jar());
        assertThat(exit).as(out.toString()).isZero();
        Set<String> needed = new TreeSet<>(List.of(out.toString().strip().split(",")));
        assertThat(needed.removeAll(LEFT_OUT)).isTrue();
        assertThat(new TreeSet<>(List.of(modules().split(",")))).isEqualTo(needed);
    }

    /** A service that starts and is never healthy; a second of the script takes no time here. */
    @Test
    @Timeout(60)
    void isNotBuiltWhereTheServiceThatTrainsItNeverAnswers() throws Exception {
        Path train = Files.writeString(
                folder.resolve("train.sh"),
                Files.readString(DOCKER.resolve("train.sh")).replace("/opt/", folder + "/"));
        script("jre/bin/java", "case \"$*\" in *serve*) exec /bin/sleep 120 ;; *) exit 1 ;; esac");
        script("bin/sleep", "exit 0");
        ProcessBuilder training = new ProcessBuilder("sh", train.toString());
        training.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        Process process = training.start();
        try {
            assertThat(process.waitFor()).isEqualTo(1);
        } finally {
            process.destroyForcibly();
        }
    }

    private void script(String name, String line) throws IOException {
        Path script = folder.resolve(name);
        Files.createDirectories(script.getParent());
        Files.writeString(script, "#!/bin/sh\n" + line + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    @Test
    @Timeout(120)
    void servesOnTheImagesRuntimeWithItsFlagsAndItsClients() throws Exception {
        Path jdk = jdk25();
        Path runtime = folder.resolve("jre");
        run(List.of(
                jdk.resolve("bin/jlink").toString(),
                "--compress",
                "zip-0",
                "--add-modules",
                modules(),
                "--output",
                runtime.toString()));
        List<String> java = List.of(
                runtime.resolve("bin/java").toString(),
                "@" + DOCKER.resolve("java.options"),
                "-jar",
                GreeterProcess.jar());
        List<String> serve = new ArrayList<>(java);
        serve.addAll(List.of("serve", "--port", "0", "--http-port", "0", "--management-port", "0", "--cluster"));
        for (String alone : List.of("host=127.0.0.1", "port=0", "eventBusPort=0")) {
            serve.addAll(List.of("--set", "cluster." + alone));
        }
        try (GreeterProcess greeter = GreeterProcess.run(folder, serve, Map.of())) {
            greeter.awaitReady();
            assertThat(command(java, "hello", "localhost:" + greeter.greetingPort()))
                    .isEqualTo("World\n");
            assertThat(command(java, "health", "http://localhost:" + greeter.managementPort()))
                    .startsWith("UP\n");
            assertThat(command(java, "stats", "http://localhost:" + greeter.httpPort()))
                    .contains("greeting         1");
            greeter.signal("TERM");
            assertThat(greeter.exitCode()).isZero();
            assertThat(greeter.output()).doesNotContain("warning");
        }
    }

    private static String command(List<String> java, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(arguments));
        return run(command);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static String modules() throws IOException {
        Matcher modules =
                Pattern.compile("(?m)^ARG MODULES=(\\S+)$").matcher(Files.readString(DOCKER.resolve("Dockerfile")));
        assertThat(modules.find()).isTrue();
        return modules.group(1);
    }

    /** The one that runs the tests, or one beside it. */
    private static Path jdk25() throws IOException {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        try (Stream<Path> beside = Files.list(home.getParent())) {
            Optional<Path> found = Stream.concat(Stream.of(home), beside)
                    .filter(ImageIT::isJdk25)
                    .findFirst();
            if (found.isEmpty()) {
                abort("this machine lacks a JDK 25");
            }
            return found.orElseThrow();
        }
    }

    private static boolean isJdk25(Path jdk) {
        try {
            return Files.isExecutable(jdk.resolve("bin/jlink"))
                    && Files.readString(jdk.resolve("release")).contains("JAVA_VERSION=\"25");
        } catch (IOException notOne) {
            return false;
        }
    }
}
