package dev.greeter.bench.exchange;

import dev.greeter.bench.exchange.Results.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Measures the time, CPU and memory that a server takes to its first answer, and the CPU of a client command. */
final class Starts {
    private static final long SETTLE_MILLIS = 1_000;
    private static final double MEBI = 1024.0 * 1024;

    private final Options options;
    private final Servers servers;
    private final Cores cores;
    private final Results results;
    private final Path launcher;

    Starts(Options options, Servers servers, Cores cores, Results results) {
        this.options = options;
        this.servers = servers;
        this.cores = cores;
        this.results = results;
        launcher = options.jar.resolveSibling("greeter");
    }

    /** Starts each server in turn, and again. */
    void measure(Set<Server> chosen) throws IOException, InterruptedException {
        boolean archived = chosen.contains(Server.GREETER) && Files.isExecutable(launcher);
        for (int i = 0; i < options.starts; i++) {
            for (Server server : chosen) {
                try (ServerProcess started = servers.start(server)) {
                    add(server.label, started);
                    if (server == Server.GREETER) {
                        String target = "127.0.0.1:" + started.port(Form.ONE_SHOT);
                        List<String> jar =
                                List.of(Program.java().toString(), "-jar", options.jar.toString(), "hello", target);
                        add("hello, java -jar greeter.jar", jar);
                        if (archived) {
                            add("hello, target/greeter", List.of(launcher.toString(), "hello", target));
                        }
                    }
                }
            }
            if (archived) {
                try (ServerProcess started = servers.startWithArchive(launcher)) {
                    add("Greeter, target/greeter", started);
                }
            }
        }
    }

    private void add(String name, ServerProcess started) throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MILLIS);
        results.add(
                name,
                new Start(
                        started.firstAnswerMillis,
                        started.atFirstAnswer.cpuMicros() / 1e3,
                        Usage.of(started.handle()).residentBytes() / MEBI));
    }

    /** A command's CPU is that of all children of this process that have ended since. */
    private void add(String name, List<String> command) throws IOException, InterruptedException {
        double before = Usage.endedChildrenMicros();
        long startedAt = System.nanoTime();
        Process process = new ProcessBuilder(new ArrayList<>(Cores.on(cores.server(), command)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String answer;
        try (var lines = process.inputReader()) {
            answer = String.valueOf(lines.readLine());
        }
        if (process.waitFor() != 0 || !answer.equals("World")) {
            throw new BenchException(name + " printed " + answer);
        }
        double millis = (System.nanoTime() - startedAt) / 1e6;
        results.add(name, new Start(millis, (Usage.endedChildrenMicros() - before) / 1e3, Double.NaN));
    }
}
