package dev.greeter.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs of Jazzer, each in a process of its own: it instruments classes as they are loaded. */
final class Jazzer {
    /** An input that takes longer hangs, however busy the machine is. */
    private static final int MAX_SECONDS_FOR_AN_INPUT = 300;

    private static final int LAST_LINES = 60;

    private final FuzzTarget target;
    private final Path folder;
    private final Path log;
    private final boolean isShort;

    /** @param folder for the inputs that it finds, and its log; emptied first */
    Jazzer(FuzzTarget target, Path folder, boolean isShort) throws IOException {
        this.target = target;
        this.folder = folder;
        this.isShort = isShort;
        this.log = folder.resolve("log");
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
        Files.createDirectories(folder);
    }

    /**
     * Runs inputs that grow out of the kept ones.
     *
     * @param seed of the random choices; 0 for another one each time
     * @return the end of the log, if an input failed
     */
    String run(long executions, int seed) throws IOException, InterruptedException {
        Path inputs = folder.resolve("inputs");
        Corpus.of(target).unpack(inputs);
        return start("-runs=" + executions, "-seed=" + seed, inputs.toString());
    }

    /** Keeps the fewest inputs that cover all that was covered. */
    void keep() throws IOException, InterruptedException {
        Path fewest = Files.createDirectories(folder.resolve("fewest"));
        String failure =
                start("-merge=1", fewest.toString(), folder.resolve("inputs").toString());
        if (!failure.isEmpty()) {
            throw new IOException(failure);
        }
        Corpus.of(target).keep(fewest);
    }

    /** The numbers of a run: executions, and the edges and features that they covered. */
    String summary() throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" DONE ") || line.startsWith("Done "))
                    .collect(Collectors.joining(", "));
        }
    }

    private String start(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.className(),
                "--instrumentation_includes=dev.greeter.**",
                "--custom_hook_includes=dev.greeter.**",
                // what judges need not be covered
                "--instrumentation_excludes=" + target.className() + "**:dev.greeter.fuzz.**:dev.greeter.testing.**",
                "--custom_hook_excludes=" + target.className() + "**",
                "--trace=cov:cmp",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_len=" + target.maxOctets(),
                "-timeout=" + MAX_SECONDS_FOR_AN_INPUT,
                "-print_final_stats=1"));
        if (isShort) {
            // an optimizing compiler pays in a long run only
            command.add(1, "-XX:TieredStopAtLevel=1");
        }
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            int exitCode = process.waitFor();
            return exitCode == 0 ? "" : "exit code " + exitCode + "\n" + failure();
        } finally {
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** The end of the log, and each input that failed. */
    private String failure() throws IOException {
        StringBuilder failure = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path input : files.filter(file -> file.getFileName().toString().matches("(crash|timeout|oom)-.*"))
                    .toList()) {
                failure.append("input ")
                        .append(Corpus.escape(Files.readAllBytes(input)))
                        .append('\n');
            }
        }
        List<String> lines = Files.readAllLines(log, ISO_8859_1);
        return failure + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}
