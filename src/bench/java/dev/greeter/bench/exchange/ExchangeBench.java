package dev.greeter.bench.exchange;

import static dev.greeter.bench.exchange.Network.LOOPBACK;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures the cost of an exchange: exchanges a second, and CPU time of the server process for each, of the service's jar
 * and of a yardstick beside it. On Linux, after {@code mvn package}, from the top of the repository:
 *
 * <pre>java -cp target/greeter.jar:target/bench dev.greeter.bench.exchange.ExchangeBench</pre>
 *
 * <pre>
 * --seconds N      duration of each measurement (2)
 * --rounds N       measurements of each form and server (5)
 * --warm-up N      seconds for each form and server, twice, before the first; more while the JVM still compiles (2)
 * --connections N  clients that each wait for their answers before they send again (4)
 * --jar FILE       the service to measure (the jar on the class path)
 * </pre>
 *
 * <p>The {@link Yardstick} is a bare Netty server that sends the same octets for the same octets, and does not check, count,
 * log or limit anything: the remaining cost of a server that does nothing but the system calls. Both servers are processes
 * with the same heap and transport and an event loop for each core, loaded in turn by this process. The CPU time is the whole
 * process's, so it includes garbage collection, counting and logging. Compare figures of one run only, because the servers
 * share the machine with the clients.
 *
 * <p>Each octet of each answer is checked, and at the end the service's counts and log are. Exit codes: 0 everything was
 * right; 1 a wrong answer or count, or a process that did not start or stop; 2 wrong usage.
 */
public final class ExchangeBench {
    /** A small pod's, and the same for both servers. */
    private static final String HEAP = "-Xmx256m";

    /** A JVM is warm when its compilers take less than this part of a core for a second. */
    private static final double WARM = 0.05;

    private static final Duration LAST_ANSWERS_LIMIT = Duration.ofSeconds(10);

    private final Options options;
    private final Path folder;
    private final EventLoopGroup loops = Network.loops(1);
    private final Map<Form, Long> exchanged = new EnumMap<>(Form.class);

    private ExchangeBench(Options options, Path folder) {
        this.options = options;
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        Options options;
        try {
            options = Options.parse(args, location(Channel.class));
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        Path folder = Files.createTempDirectory("greeter-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(folder), "clean-up"));
        Thread limit = new Thread(() -> endAfter(options.limit()), "limit");
        limit.setDaemon(true);
        limit.start();
        int exitCode = 0;
        try {
            new ExchangeBench(options, folder).run();
        } catch (BenchException failed) {
            System.err.println(failed.getMessage());
            exitCode = 1;
        }
        System.exit(exitCode);
    }

    private void run() throws Exception {
        try (ServerProcess greeter = ServerProcess.start("Greeter", folder, greeterCommand())) {
            byte[] page = fetchPage(greeter);
            try (ServerProcess yardstick = ServerProcess.start("the yardstick", folder, yardstickCommand(page))) {
                Results results = measure(page, List.of(greeter, yardstick));
                progress("checking counts");
                String counts = checkCounts(greeter);
                yardstick.stop();
                greeter.stop();
                checkLog(greeter);
                results.print(options, counts);
            }
        }
    }

    private Results measure(byte[] page, List<ServerProcess> inTurn) throws Exception {
        for (int i = 0; i < Options.WARM_UPS; i++) {
            for (Form form : Form.values()) {
                for (ServerProcess server : inTurn) {
                    progress("warm-up: " + form.label + ", " + server.name);
                    warmUp(new Load(form, page, server, loops));
                }
            }
        }
        Results results = new Results();
        for (int round = 1; round <= options.rounds(); round++) {
            for (Form form : Form.values()) {
                progress("round " + round + " of " + options.rounds() + ": " + form.label);
                Sample greeter = measure(new Load(form, page, inTurn.get(0), loops));
                Sample yardstick = measure(new Load(form, page, inTurn.get(1), loops));
                results.add(form, greeter, yardstick);
            }
        }
        return results;
    }

    private List<String> greeterCommand() {
        return List.of(
                java(),
                HEAP,
                "-Djava.io.tmpdir=" + folder,
                "-jar",
                options.jar().toString(),
                "--port",
                "0",
                "--http-port",
                "0",
                "--management-port",
                "0");
    }

    private List<String> yardstickCommand(byte[] page) {
        return List.of(
                java(),
                HEAP,
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                location(Channel.class) + File.pathSeparator + location(Yardstick.class),
                Yardstick.class.getName(),
                Base64.getEncoder().encodeToString(page));
    }

    /** Watches the JVM's compilers, because on a busy machine they take far longer. */
    private void warmUp(Load load) throws Exception {
        load.start(options.connections());
        load.hold(Duration.ofSeconds(options.warmUp()));
        long end = System.nanoTime() + Options.COMPILE_LIMIT.toNanos();
        Sample second;
        do {
            Sample before = Sample.now(load);
            load.hold(Duration.ofSeconds(1));
            second = Sample.now(load).since(before);
        } while (second.compilerMicros() / 1e6 > WARM * second.seconds() && System.nanoTime() < end);
        stop(load);
    }

    /** Loads one server with one form, and returns the cost once the load is steady. */
    private Sample measure(Load load) throws Exception {
        load.start(options.connections());
        load.hold(Options.SETTLE);
        Sample before = Sample.now(load);
        load.hold(Duration.ofSeconds(options.seconds()));
        Sample after = Sample.now(load);
        stop(load);
        return after.since(before);
    }

    private void stop(Load load) throws InterruptedException {
        long exchanges = load.stop();
        if (load.server.name.equals("Greeter")) {
            exchanged.merge(load.form, exchanges, Long::sum);
        }
    }

    /** Returns the whole response to the load's own request, as the first exchange. */
    private byte[] fetchPage(ServerProcess greeter) throws IOException {
        exchanged.merge(Form.PAGE, 1L, Long::sum);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), greeter.port(Form.PAGE))) {
            socket.setSoTimeout((int) LAST_ANSWERS_LIMIT.toMillis());
            socket.getOutputStream().write(Script.GET_PAGE.getBytes(US_ASCII));
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream page = new ByteArrayOutputStream();
            while (!page.toString(US_ASCII).endsWith("</html>\n")) {
                int octet = in.read();
                if (octet < 0) {
                    throw new BenchException("Greeter closed before the page's end");
                }
                page.write(octet);
            }
            return page.toByteArray();
        }
    }

    /** Checks that Greeter's totals are the clients'. */
    private String checkCounts(ServerProcess greeter) throws Exception {
        long pages = exchanged.getOrDefault(Form.PAGE, 0L);
        long greetings = total() - pages;
        JsonObject expected =
                new JsonObject().put("greeting", answered(greetings)).put("http", answered(pages));
        URI stats = URI.create("http://" + LOOPBACK + ":" + greeter.port(Form.PAGE) + "/stats");
        long end = System.nanoTime() + LAST_ANSWERS_LIMIT.toNanos();
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
        return String.format(
                Locale.ROOT,
                "All %,d greetings and %,d pages were answered correctly, and Greeter counted and logged as many.",
                greetings,
                pages);
    }

    private static JsonObject answered(long exchanges) {
        return new JsonObject().put("answered", exchanges).put("refused", 0).put("failed", 0);
    }

    /** Checks that each exchange has its line, or is in the number of those left out. */
    private void checkLog(ServerProcess greeter) {
        if (greeter.loggedExchanges() != total()) {
            throw new BenchException("there were " + total() + " exchanges, but " + greeter.logSummary());
        }
    }

    private long total() {
        return exchanged.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void progress(String line) {
        System.err.println(line);
    }

    private static void endAfter(Duration limit) {
        try {
            Thread.sleep(limit.toMillis());
        } catch (InterruptedException ended) {
            return;
        }
        System.err.println("not done after " + limit.toSeconds() + " s");
        System.exit(1);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Returns the jar or the folder that a class was loaded from. */
    private static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the servers, whatever ended the benchmark, and deletes their files. */
    private static void cleanUp(Path folder) {
        ProcessHandle.current().children().forEach(server -> {
            server.destroyForcibly();
            server.onExit().join();
        });
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException left) {
            System.err.println("not deleted: " + left);
        }
    }
}
