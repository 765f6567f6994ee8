package dev.greeter.bench.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server as a process. Its log reports its ports, and the exchanges that it logged. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    final String name;
    private final Process process;
    private final Thread reader = new Thread(this::readLog, "log-reader");
    private final Map<String, Integer> ports = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    /** The reader's; to be read when the process has ended. */
    private long logged;

    private long leftOut;
    private long dropped;
    private final List<String> otherLines = new ArrayList<>();

    private ServerProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    static ServerProcess start(String name, Path folder, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        // defaults only
        builder.environment().keySet().removeIf(variable -> variable.startsWith("GREETER_"));
        ServerProcess server = new ServerProcess(name, builder.start());
        server.reader.setDaemon(true);
        server.reader.start();
        try {
            server.ready.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException failed) {
            server.close();
            throw new BenchException(name + " did not start");
        }
        return server;
    }

    int port(Form form) {
        Integer port = ports.get(form.server);
        if (port == null) {
            throw new BenchException(name + " has no port for " + form.server);
        }
        return port;
    }

    long pid() {
        return process.pid();
    }

    private void readLog() {
        try (BufferedReader lines = process.inputReader(US_ASCII)) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                if (!text.startsWith("{")) {
                    // the JVM's own, for example with JAVA_TOOL_OPTIONS
                    otherLines.add(text);
                    continue;
                }
                JsonObject line = new JsonObject(text);
                switch (line.getString("message")) {
                    case "listening" -> ports.put(line.getString("server"), line.getInteger("port"));
                    case "ready" -> ready.complete(null);
                    case "exchange" -> logged++;
                    case "exchanges left out" -> leftOut += line.getLong("leftOut");
                    case "log lines dropped, for want of room" -> dropped += line.getLong("dropped");
                    default -> {}
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            ready.completeExceptionally(unreadable);
            return;
        }
        ready.completeExceptionally(new IOException("it ended"));
    }

    /** Sends SIGTERM and waits until the process has ended with 0. */
    void stop() throws InterruptedException {
        // the process's own destroy() would close its output too, with the last lines of the log
        process.toHandle().destroy();
        if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new BenchException(name + " did not stop within " + STOP_LIMIT.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw new BenchException(name + " stopped with exit code " + process.exitValue());
        }
        reader.join(STOP_LIMIT.toMillis());
    }

    /** The exchanges with their own line and those that a line reports as left out. After {@link #stop}. */
    long loggedExchanges() {
        return logged + leftOut;
    }

    /** What the log had, for an error message. After {@link #stop}. */
    String logSummary() {
        return "%s logged %d and left out %d; it dropped %d lines, and %d lines are not JSON: %s"
                .formatted(name, logged, leftOut, dropped, otherLines.size(), otherLines);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
