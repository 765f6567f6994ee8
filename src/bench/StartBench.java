import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How soon a server answers, and what memory and CPU time it takes, whatever it is wrapped in. On Linux:
 *
 * <pre>java src/bench/StartBench.java [--runs N] [--load SECONDS] COMMAND...</pre>
 *
 * <p>COMMAND serves greetings on port 1234 and the page on 8080 until SIGTERM. For each run (5): milliseconds from the
 * start of its process to the first {@code World}, CPU milliseconds until then, and resident memory 3 s later. Then the
 * load (10 s) of 64 clients at full speed: a third each of one-shot greetings, of sessions and of pages on kept
 * connections; with {@code --load 0} there is none. Memory and CPU are those of the process and all that it started.
 *
 * <p>Exit codes: 0 each run was measured; 1 the server did not start or stop, or gave a wrong answer; 2 wrong usage.
 */
public final class StartBench {
    private static final int GREETING_PORT = 1234;
    private static final int HTTP_PORT = 8080;
    private static final int CLIENTS = 64;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final Duration SETTLE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(1);
    private static final String USAGE = "usage: java StartBench.java [--runs N] [--load SECONDS] COMMAND...";

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
        if (at >= args.length) {
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

    private static double measure(int run, List<String> command, Duration load) throws Exception {
        long startedAt = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            awaitAnswer(process);
            double firstAnswer = (System.nanoTime() - startedAt) / 1e6;
            double cpuUntilThen = cpuSeconds(process) * 1e3;
            LockSupport.parkNanos(SETTLE.toNanos());
            long idle = residentMebibytes(process);
            System.out.printf("%3d  %9.0f ms  %11.0f ms  %7d MiB", run, firstAnswer, cpuUntilThen, idle);
            if (!load.isZero()) {
                double cpuBefore = cpuSeconds(process);
                long exchanges = load(load);
                double cores = (cpuSeconds(process) - cpuBefore) / load.toSeconds();
                System.out.printf(
                        "  %13d MiB  %11d  %5.2f", residentMebibytes(process), exchanges / load.toSeconds(), cores);
            }
            System.out.println();
            return firstAnswer;
        } finally {
            stop(process);
        }
    }

    private static void awaitAnswer(Process process) throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                oneShot();
                return;
            } catch (ConnectException notYet) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("the server did not start", notYet);
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    /** Asks the process that is in the foreground of whatever wraps it, and the wrapper ends with it. */
    private static void stop(Process process) throws IOException, InterruptedException {
        tree(process).reduce((outer, inner) -> inner).ifPresent(ProcessHandle::destroy);
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            tree(process).forEach(ProcessHandle::destroyForcibly);
            throw new IOException("the server did not stop");
        }
    }

    private static Stream<ProcessHandle> tree(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private static long residentMebibytes(Process process) throws IOException {
        long kibibytes = 0;
        for (ProcessHandle one : tree(process).toList()) {
            for (String line : Files.readAllLines(Path.of("/proc/" + one.pid() + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    kibibytes += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        }
        return kibibytes / 1024;
    }

    private static double cpuSeconds(Process process) {
        return tree(process)
                        .mapToLong(one -> one.info()
                                .totalCpuDuration()
                                .orElse(Duration.ZERO)
                                .toMillis())
                        .sum()
                / 1e3;
    }

    private interface Client {
        /** Makes exchanges until the deadline, of {@link System#nanoTime()}, and says how many. */
        long run(long deadline) throws IOException;
    }

    private static long load(Duration duration) throws InterruptedException, IOException {
        List<Client> kinds = List.of(StartBench::oneShots, StartBench::session, StartBench::pages);
        AtomicReference<IOException> wrong = new AtomicReference<>();
        long[] exchanges = new long[CLIENTS];
        Thread[] clients = new Thread[CLIENTS];
        long deadline = System.nanoTime() + duration.toNanos();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            clients[i] = new Thread(() -> {
                try {
                    exchanges[client] = kinds.get(client % kinds.size()).run(deadline);
                } catch (IOException failed) {
                    wrong.set(failed);
                }
            });
            clients[i].start();
        }
        for (Thread client : clients) {
            client.join();
        }
        if (wrong.get() != null) {
            throw wrong.get();
        }
        return Arrays.stream(exchanges).sum();
    }

    private static long oneShots(long deadline) throws IOException {
        long exchanges = 0;
        for (; System.nanoTime() < deadline; exchanges++) {
            oneShot();
        }
        return exchanges;
    }

    private static void oneShot() throws IOException {
        try (Socket socket = connect(GREETING_PORT)) {
            socket.getOutputStream().write("Hello".getBytes(US_ASCII));
            expect("World", new String(socket.getInputStream().readAllBytes(), US_ASCII));
        }
    }

    private static long session(long deadline) throws IOException {
        long exchanges = 0;
        try (Socket socket = connect(GREETING_PORT)) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            socket.getOutputStream().write("GREETING/2\n".getBytes(US_ASCII));
            expect("GREETING/2", in.readLine());
            for (; System.nanoTime() < deadline; exchanges++) {
                socket.getOutputStream().write("Hello\n".getBytes(US_ASCII));
                expect("World", in.readLine());
            }
        }
        return exchanges;
    }

    private static long pages(long deadline) throws IOException {
        long exchanges = 0;
        try (Socket socket = connect(HTTP_PORT)) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            for (; System.nanoTime() < deadline; exchanges++) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".getBytes(US_ASCII));
                expect("HTTP/1.1 200 OK", in.readLine());
                int length = 0;
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    if (line.startsWith("content-length: ")) {
                        length = Integer.parseInt(line.substring("content-length: ".length()));
                    }
                }
                if (in.skip(length) != length) {
                    throw new IOException("the page is shorter than it says");
                }
            }
        }
        return exchanges;
    }

    private static Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static void expect(String expected, String answer) throws IOException {
        if (!expected.equals(answer)) {
            throw new IOException("expected " + expected + ", but got " + answer);
        }
    }
}
