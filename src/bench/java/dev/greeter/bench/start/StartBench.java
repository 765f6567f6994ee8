package dev.greeter.bench.start;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how soon a server answers, and its memory and CPU time, whatever it is wrapped in. On Linux, after
 * {@code mvn package}:
 *
 * <pre>java -cp target/bench dev.greeter.bench.start.StartBench [--runs N] [--load SECONDS] COMMAND...</pre>
 *
 * <p>COMMAND serves greetings on port 1234 and the page on 8080 until SIGTERM. Each run (5) measures the milliseconds from the
 * start of its process to the first {@code World}, the CPU milliseconds until then, and resident memory 3 s later. Then 64
 * {@link Clients} load it (10 s; {@code --load 0} for no load). Memory and CPU time are those of the process and all that it
 * started.
 *
 * <p>Exit codes: 0 each run was measured; 1 the server did not start or stop, or gave a wrong answer; 2 wrong usage.
 */
public final class StartBench {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(1);
    private static final String USAGE =
            "usage: java -cp target/bench dev.greeter.bench.start.StartBench [--runs N] [--load SECONDS] COMMAND...";

    private StartBench() {}

    public static void main(String[] args) throws Exception {
        int runs = 5;
        int load = 10;
        int at = 0;
        try {
            for (; at + 1 < args.length && args[at].startsWith("--"); at += 2) {
                int value = Integer.parseInt(args[at + 1]);
                switch (args[at]) {
                    case "--runs" -> runs = value;
                    case "--load" -> load = value;
                    default -> throw new IllegalArgumentException("unknown option: " + args[at]);
                }
            }
        } catch (IllegalArgumentException wrong) {
            at = args.length;
        }
        if (at >= args.length || runs < 1) {
            System.err.println(USAGE);
            System.exit(2);
        }
        List<String> command = Arrays.asList(args).subList(at, args.length);
        double[] firstAnswer = new double[runs];
        System.out.println("run  first answer  CPU until then  memory idle  memory after load  exchanges/s  cores");
        for (int run = 0; run < runs; run++) {
            firstAnswer[run] = measure(run + 1, command, Duration.ofSeconds(load));
        }
        Arrays.sort(firstAnswer);
        System.out.printf("median of the first answer: %.0f ms%n", firstAnswer[runs / 2]);
    }

    /** Returns the milliseconds to the first answer. */
    private static double measure(int run, List<String> command, Duration load) throws Exception {
        long startedAt = System.nanoTime();
        ProcessTree server = new ProcessTree(command);
        try {
            awaitAnswer(server);
            double firstAnswer = (System.nanoTime() - startedAt) / 1e6;
            double cpuUntilThen = server.cpuSeconds() * 1e3;
            LockSupport.parkNanos(SETTLE.toNanos());
            System.out.printf(
                    "%3d  %9.0f ms  %11.0f ms  %7d MiB", run, firstAnswer, cpuUntilThen, server.residentMebibytes());
            if (!load.isZero()) {
                double cpuBefore = server.cpuSeconds();
                long exchanges = Clients.load(load);
                double cores = (server.cpuSeconds() - cpuBefore) / load.toSeconds();
                System.out.printf(
                        "  %13d MiB  %11d  %5.2f", server.residentMebibytes(), exchanges / load.toSeconds(), cores);
            }
            System.out.println();
            return firstAnswer;
        } finally {
            server.stop();
        }
    }

    private static void awaitAnswer(ProcessTree server) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                Clients.oneShot();
                return;
            } catch (ConnectException notYet) {
                if (!server.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("the server did not start", notYet);
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }
}
