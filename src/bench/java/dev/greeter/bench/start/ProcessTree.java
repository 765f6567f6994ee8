package dev.greeter.bench.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command and all processes that it started. */
final class ProcessTree {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final Process process;

    ProcessTree(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long residentMebibytes() throws IOException {
        long kibibytes = 0;
        for (ProcessHandle one : all().toList()) {
            for (String line : Files.readAllLines(Path.of("/proc/" + one.pid() + "/status"))) {
                if (line.startsWith("VmRSS:")) {
                    kibibytes += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        }
        return kibibytes / 1024;
    }

    double cpuSeconds() {
        return all().mapToLong(one -> one.info()
                                .totalCpuDuration()
                                .orElse(Duration.ZERO)
                                .toMillis())
                        .sum()
                / 1e3;
    }

    /** Sends SIGTERM to the innermost process, with which its wrappers end, and waits until they have. */
    void stop() throws IOException, InterruptedException {
        all().reduce((outer, inner) -> inner).ifPresent(ProcessHandle::destroy);
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            all().forEach(ProcessHandle::destroyForcibly);
            throw new IOException("the server did not stop");
        }
    }

    private Stream<ProcessHandle> all() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }
}
