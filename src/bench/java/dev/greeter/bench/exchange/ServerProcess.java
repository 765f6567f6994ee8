package dev.greeter.bench.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server as a process, which has given its first answer. Checks that Greeter counts and logs what was answered. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(1);
    private static final Pattern LENGTH =
            Pattern.compile("\r\ncontent-length: *([0-9]+)\r\n", Pattern.CASE_INSENSITIVE);

    final Server server;
    private final Process process;
    private final int greetingPort;
    private final int httpPort;
    private final Thread reader = new Thread(this::readLog, "log-reader");
    private final Map<Form, Long> answered = new EnumMap<>(Form.class);
    private byte[] page = {};

    /** Milliseconds from the start of the process. */
    double firstAnswerMillis;

    /** Figures at the first answer. */
    Usage atFirstAnswer = Usage.NONE;

    /** The reader's; to be read when the process has ended. */
    private long logged;

    private long leftOut;
    private final List<String> otherLines = new ArrayList<>();

    private ServerProcess(Server server, Process process, int greetingPort, int httpPort) {
        this.server = server;
        this.process = process;
        this.greetingPort = greetingPort;
        this.httpPort = httpPort;
    }

    static ServerProcess start(Server server, Path folder, List<String> command, int greetingPort, int httpPort)
            throws IOException, InterruptedException {
        Path errors = folder.resolve(server.name());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
        // defaults only
        builder.environment().keySet().removeIf(variable -> variable.startsWith("GREETER_"));
        long startedAt = System.nanoTime();
        ServerProcess started = new ServerProcess(server, builder.start(), greetingPort, httpPort);
        started.reader.setDaemon(true);
        started.reader.start();
        try {
            started.awaitAnswer(startedAt);
        } catch (IOException failed) {
            started.close();
            throw new BenchException(
                    "%s did not start: %s %s".formatted(server.label, failed.getMessage(), Files.readString(errors)));
        }
        return started;
    }

    private void awaitAnswer(long startedAt) throws IOException {
        await(server == Server.NGINX ? this::requestPage : this::greet);
        firstAnswerMillis = (System.nanoTime() - startedAt) / 1e6;
        atFirstAnswer = Usage.of(process.toHandle());
    }

    private interface Exchange {
        void make() throws IOException;
    }

    /** Makes an exchange as soon as its port is open. */
    private void await(Exchange exchange) throws IOException {
        long since = System.nanoTime();
        while (true) {
            try {
                exchange.make();
                return;
            } catch (ConnectException notYet) {
                if (!process.isAlive() || System.nanoTime() - since > START_LIMIT.toNanos()) {
                    throw new IOException("no answer", notYet);
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    private void greet() throws IOException {
        try (Socket socket = connect(greetingPort)) {
            socket.getOutputStream().write("Hello".getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            if (!answer.equals("World")) {
                throw new IOException("answered " + answer);
            }
        }
        answered(Form.ONE_SHOT, 1);
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) ANSWER_LIMIT.toMillis());
        return socket;
    }

    /** Returns the whole response to {@link Script#GET_PAGE}, requested once. A server may open this port after the other. */
    byte[] page() throws IOException {
        if (page.length == 0) {
            await(this::requestPage);
        }
        return page;
    }

    private void requestPage() throws IOException {
        try (Socket socket = connect(httpPort)) {
            socket.getOutputStream().write(Script.GET_PAGE.getBytes(US_ASCII));
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
                int octet = in.read();
                if (octet < 0) {
                    throw new BenchException(server.label + " closed before the page's end");
                }
                head.write(octet);
            }
            Matcher length = LENGTH.matcher(head.toString(US_ASCII));
            if (!length.find()) {
                throw new BenchException(server.label + " sends a page without a length: " + head);
            }
            head.write(in.readNBytes(Integer.parseInt(length.group(1))));
            page = head.toByteArray();
        }
        answered(Form.PAGE, 1);
    }

    /** Returns where the page's own octets begin in {@link #page}. */
    int bodyAt() throws IOException {
        return new String(page(), US_ASCII).indexOf("\r\n\r\n") + 4;
    }

    int port(Form form) {
        return form == Form.PAGE ? httpPort : greetingPort;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Adds to the number of exchanges that Greeter has to have counted. */
    void answered(Form form, long exchanges) {
        answered.merge(form, exchanges, Long::sum);
    }

    private void readLog() {
        try (BufferedReader lines = process.inputReader(US_ASCII)) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                if (server != Server.GREETER || !text.startsWith("{")) {
                    otherLines.add(text);
                    continue;
                }
                JsonObject line = new JsonObject(text);
                switch (line.getString("message")) {
                    case "exchange" -> logged++;
                    case "exchanges left out" -> leftOut += line.getLong("leftOut");
                    default -> {}
                }
            }
        } catch (IOException | RuntimeException unreadable) {
            otherLines.add(unreadable.toString());
        }
    }

    /** Checks that Greeter has counted every answer, stops it, and checks that it has logged every answer. */
    void check() throws IOException, InterruptedException {
        long pages = answered.getOrDefault(Form.PAGE, 0L);
        long greetings = answered.values().stream().mapToLong(Long::longValue).sum() - pages;
        JsonObject expected =
                new JsonObject().put("greeting", totals(greetings)).put("http", totals(pages));
        URI stats = URI.create("http://127.0.0.1:" + httpPort + "/stats");
        long end = System.nanoTime() + ANSWER_LIMIT.toNanos();
        JsonObject counted;
        do {
            Thread.sleep(50);
            try (InputStream answer = stats.toURL().openStream()) {
                counted = new JsonObject(new String(answer.readAllBytes(), US_ASCII)).getJsonObject("totals");
            }
        } while (!counted.equals(expected) && System.nanoTime() < end);
        if (!counted.equals(expected)) {
            throw new BenchException("Greeter counted " + counted + " instead of " + expected);
        }
        stop();
        if (logged + leftOut != greetings + pages) {
            throw new BenchException("there were %d exchanges, but Greeter logged %d and left out %d; other lines: %s"
                    .formatted(greetings + pages, logged, leftOut, otherLines));
        }
    }

    private static JsonObject totals(long exchanges) {
        return new JsonObject().put("answered", exchanges).put("refused", 0).put("failed", 0);
    }

    /** Sends SIGTERM and waits until the process has ended with 0. */
    private void stop() throws InterruptedException {
        // the process's own destroy() would close its output too, with the last lines of the log
        process.toHandle().destroy();
        if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
            throw new BenchException(server.label + " did not stop within " + STOP_LIMIT.toSeconds() + " s with 0");
        }
        reader.join(STOP_LIMIT.toMillis());
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
