package dev.greeter.bench.exchange;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a process and those that it started have used so far, or between two moments.
 *
 * @param compilerMicros the part of the CPU time that the JVM's compilers took
 * @param waits how often a thread gave up its core because it had nothing to do
 * @param residentBytes at this moment
 */
record Usage(double userMicros, double systemMicros, double compilerMicros, long waits, long residentBytes) {
    static final Usage NONE = new Usage(0, 0, 0, 0, 0);

    /** The places of these fields in {@code /proc/PID/stat}, after the command's name; proc(5). */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;
    private static final double MICROS_PER_TICK = 1e6 / ticksPerSecond();
    private static final long KIBI = 1_024;

    static Usage of(ProcessHandle process) throws IOException {
        Usage sum = NONE;
        for (ProcessHandle one :
                Stream.concat(Stream.of(process), process.descendants()).toList()) {
            sum = sum.plus(ofOne(Path.of("/proc", Long.toString(one.pid()))));
        }
        return sum;
    }

    private static Usage ofOne(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        // the command's name is in parentheses and may contain anything
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double compilerMicros = 0;
        long waits = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                Optional<OfThread> one = OfThread.of(thread);
                compilerMicros += one.map(OfThread::compilerMicros).orElse(0.0);
                waits += one.map(OfThread::waits).orElse(0L);
            }
        }
        return new Usage(
                Long.parseLong(afterName[USER_TIME]) * MICROS_PER_TICK,
                Long.parseLong(afterName[SYSTEM_TIME]) * MICROS_PER_TICK,
                compilerMicros,
                waits,
                status(process, "VmRSS") * KIBI);
    }

    /** Returns the CPU time of all children of this process that have ended. */
    static double endedChildrenMicros() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(afterName[USER_TIME + 2]) + Long.parseLong(afterName[SYSTEM_TIME + 2]))
                * MICROS_PER_TICK;
    }

    private record OfThread(double compilerMicros, long waits) {
        /** Empty if it has ended meanwhile. */
        static Optional<OfThread> of(Path thread) throws IOException {
            try {
                double compilerMicros = 0;
                if (Files.readString(thread.resolve("comm")).matches("C[12] Compiler(?s:.*)")) {
                    // the first number is the CPU time in nanoseconds
                    String stat = Files.readString(thread.resolve("schedstat"));
                    compilerMicros = Long.parseLong(stat.substring(0, stat.indexOf(' '))) / 1e3;
                }
                return Optional.of(new OfThread(compilerMicros, status(thread, "voluntary_ctxt_switches")));
            } catch (NoSuchFileException ended) {
                return Optional.empty();
            }
        }
    }

    private static long status(Path process, String name) throws IOException {
        for (String line : Files.readAllLines(process.resolve("status"))) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    private Usage plus(Usage other) {
        return new Usage(
                userMicros + other.userMicros,
                systemMicros + other.systemMicros,
                compilerMicros + other.compilerMicros,
                waits + other.waits,
                residentBytes + other.residentBytes);
    }

    Usage since(Usage before) {
        return new Usage(
                userMicros - before.userMicros,
                systemMicros - before.systemMicros,
                // compiler threads come and go
                Math.max(0, compilerMicros - before.compilerMicros),
                Math.max(0, waits - before.waits),
                residentBytes);
    }

    double cpuMicros() {
        return userMicros + systemMicros;
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
