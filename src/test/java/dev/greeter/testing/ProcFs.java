package dev.greeter.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What Linux knows of a process, in {@code /proc}. */
public record ProcFs(long pid) {
    /** The unit of CPU time in {@code /proc}. */
    private static final Duration LINUX_TICK = Duration.ofMillis(10);

    /** The states of a socket in {@code /proc/net/tcp}. */
    private static final String LISTEN = "0A";

    private static final String ESTABLISHED = "01";

    /** The TCP ports that it listens on. */
    public List<Integer> listening() throws IOException {
        Set<String> sockets = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
            for (Path descriptor : open) {
                sockets.add(
                        Files.isSymbolicLink(descriptor)
                                ? Files.readSymbolicLink(descriptor).toString()
                                : "");
            }
        }
        return sockets()
                .filter(row -> row[3].equals(LISTEN) && sockets.contains("socket:[" + row[9] + "]"))
                .map(ProcFs::localPort)
                .toList();
    }

    /** The octets that the kernel has for the client of each connection to this port, but for those where it has none. */
    public List<Integer> unsent(int port) {
        return sockets()
                .filter(row -> row[3].equals(ESTABLISHED) && localPort(row) == port)
                .map(row -> Integer.parseInt(row[4].substring(0, row[4].indexOf(':')), 16))
                .filter(octets -> octets > 0)
                .toList();
    }

    private Stream<String[]> sockets() {
        return Stream.of("tcp", "tcp6")
                .map(table -> Path.of("/proc/" + pid + "/net/" + table))
                .filter(Files::exists)
                .flatMap(ProcFs::rows);
    }

    private static int localPort(String[] row) {
        return Integer.parseInt(row[1].substring(row[1].lastIndexOf(':') + 1), 16);
    }

    private static Stream<String[]> rows(Path table) {
        try {
            return Files.readAllLines(table).stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many it has open. */
    public int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return Math.toIntExact(open.count());
        }
    }

    /** The CPU time of each thread so far, by the start of the thread's name, as Linux keeps it, and its number. */
    public Map<String, Duration> threads() throws IOException {
        Map<String, Duration> threads = new HashMap<>();
        Path folder = Path.of("/proc/" + pid + "/task");
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(folder)) {
            for (Path task : tasks) {
                String line = Files.readString(task.resolve("stat"));
                // a name may have spaces and brackets in it
                String name = line.substring(line.indexOf('(') + 1, line.lastIndexOf(')'));
                String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
                long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                threads.put(name + " " + task.getFileName(), LINUX_TICK.multipliedBy(ticks));
            }
        } catch (NoSuchFileException | DirectoryIteratorException ended) {
            return threads();
        }
        return threads;
    }
}
