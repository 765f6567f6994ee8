package dev.greeter.bench.exchange;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of this machine. */
final class Program {
    private static final Path SOURCES = Path.of("src/bench/c");
    private static final Path JVMS = Path.of("/usr/lib/jvm");
    private static final int VIRTUAL_THREADS = 21;

    private Program() {}

    static boolean isInstalled(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    /** Compiles a program of {@code src/bench/c}; empty without a C compiler. */
    static Optional<Path> compile(String name, Path folder) throws IOException, InterruptedException {
        if (!isInstalled("cc")) {
            return Optional.empty();
        }
        Path program = folder.resolve(name);
        Process compiler = new ProcessBuilder(
                        "cc",
                        "-O2",
                        "-o",
                        program.toString(),
                        SOURCES.resolve(name + ".c").toString())
                .inheritIO()
                .start();
        if (compiler.waitFor() != 0) {
            throw new BenchException("cc does not compile " + SOURCES.resolve(name + ".c"));
        }
        return Optional.of(program);
    }

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** Returns the newest JDK with virtual threads: the one given, this one, {@code JAVA_HOME_21}'s, or an installed one. */
    static Optional<Path> javaWithVirtualThreads(Optional<Path> given) throws IOException {
        if (given.isPresent()) {
            return Optional.of(given.get().resolve("bin/java"));
        }
        if (Runtime.version().feature() >= VIRTUAL_THREADS) {
            return Optional.of(java());
        }
        Path named = Path.of(System.getenv().getOrDefault("JAVA_HOME_21", ""), "bin", "java");
        if (named.isAbsolute() && Files.isExecutable(named)) {
            return Optional.of(named);
        }
        if (!Files.isDirectory(JVMS)) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(JVMS)) {
            List<Path> newest = homes.filter(home -> feature(home) >= VIRTUAL_THREADS)
                    .sorted((one, other) -> Integer.compare(feature(other), feature(one)))
                    .toList();
            return newest.stream().findFirst().map(home -> home.resolve("bin/java"));
        }
    }

    /** Returns the feature release in a JDK's file {@code release}, or 0. */
    private static int feature(Path home) {
        try {
            return Files.readAllLines(home.resolve("release")).stream()
                    .filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> line.replaceAll("[^0-9.]", ""))
                    .mapToInt(version -> Integer.parseInt(version.split("\\.", -1)[0]))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | NumberFormatException none) {
            return 0;
        }
    }
}
