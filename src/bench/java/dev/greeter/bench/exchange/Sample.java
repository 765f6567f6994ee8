package dev.greeter.bench.exchange;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The exchanges of a load and the CPU time of its server process: up to a moment, or between two.
 *
 * @param seconds on the monotonic clock
 * @param compilerMicros the part of the CPU time that the JVM's compilers took
 */
record Sample(double exchanges, double seconds, double userMicros, double systemMicros, double compilerMicros) {
    /** The places of these fields in {@code /proc/PID/stat}, after the command's name; proc(5). */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;
    private static final double MICROS_PER_TICK = 1e6 / ticksPerSecond();

    static Sample now(Load load) throws IOException {
        Path process = Path.of("/proc", Long.toString(load.server.pid()));
        String stat = Files.readString(process.resolve("stat"));
        // the command's name is in parentheses and may contain anything
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Sample(
                load.exchanges(),
                System.nanoTime() / 1e9,
                Long.parseLong(afterName[USER_TIME]) * MICROS_PER_TICK,
                Long.parseLong(afterName[SYSTEM_TIME]) * MICROS_PER_TICK,
                compilerMicros(process));
    }

    /** The first number of a thread's schedstat is its CPU time in nanoseconds. */
    private static double compilerMicros(Path process) throws IOException {
        double micros = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).matches("C[12] Compiler(?s:.*)")) {
                    String stat = Files.readString(thread.resolve("schedstat"));
                    micros += Long.parseLong(stat.substring(0, stat.indexOf(' '))) / 1e3;
                }
            }
        } catch (NoSuchFileException ended) {
            // a thread ended meanwhile and takes no more time
            return micros;
        }
        return micros;
    }

    Sample since(Sample before) {
        return new Sample(
                exchanges - before.exchanges,
                seconds - before.seconds,
                userMicros - before.userMicros,
                systemMicros - before.systemMicros,
                // compiler threads come and go
                Math.max(0, compilerMicros - before.compilerMicros));
    }

    double perSecond() {
        return exchanges / seconds;
    }

    /** Microseconds for each exchange, as are the next two. */
    double user() {
        return userMicros / exchanges;
    }

    double system() {
        return systemMicros / exchanges;
    }

    double cpu() {
        return user() + system();
    }

    private static long ticksPerSecond() {
        try {
            Process getconf = new ProcessBuilder("getconf", "CLK_TCK").start();
            try (BufferedReader lines = getconf.inputReader()) {
                return Long.parseLong(String.valueOf(lines.readLine()).strip());
            }
        } catch (IOException absent) {
            // the value of Linux on every architecture that has a JVM
            return 100;
        }
    }
}
