import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What an exchange costs: exchanges a second and the server process's CPU time for each, of the service's own jar and
 * of a yardstick beside it. On Linux, after the build, from the top of the repository:
 *
 * <pre>java -cp target/greeter.jar src/bench/ExchangeBench.java</pre>
 *
 * <pre>
 * --seconds N      how long each measurement takes (2)
 * --rounds N       how many there are of each form and server (5)
 * --warm-up N      seconds for each form and server, twice, before the first; more while the JVM still compiles (2)
 * --connections N  clients that each wait for their answers before they ask again (4)
 * --jar FILE       the service to measure (the jar on the class path)
 * </pre>
 *
 * <p>The yardstick is a bare Netty server that sends the same octets for the same octets, and neither checks, counts,
 * logs nor limits anything: what is left when a server does nothing but the system calls. Both are processes of their
 * own, with the same heap and transport and an event loop for each core, loaded in turn by this one. The CPU time is
 * the whole process's, so garbage collection, counting and logging are in it. Compare figures of one run only, and mind
 * that they share the machine with the clients.
 *
 * <p>Each octet of each answer is checked, and at the end so is what the service says it has counted and logged. Exit
 * codes: 0 all was right; 1 a wrong answer or count, a process that did not start or stop; 2 wrong usage.
 */
public final class ExchangeBench {
    private static final String LOOPBACK = "127.0.0.1";

    /** A small pod's, and the same for both servers. */
    private static final String HEAP = "-Xmx256m";

    /** Each form's code is compiled anew once it knows the other forms. */
    private static final int WARM_UPS = 2;

    /** A JVM is warm when its compilers take less than this part of a core for a second. */
    private static final double WARM = 0.05;

    private static final Duration COMPILE_LIMIT = Duration.ofSeconds(30);
    private static final Duration SETTLE = Duration.ofMillis(300);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration LAST_ANSWERS_LIMIT = Duration.ofSeconds(10);

    /** A kind of exchange, and how many of them go out at once on a connection. */
    private enum Form {
        ONE_SHOT("one-shot", "greeting", 1),
        SESSION("session, depth 1", "greeting", 1),
        DEEP_SESSION("session, depth 32", "greeting", 32),
        PAGE("page, keep-alive", "http", 1);

        final String label;
        final String server;
        final int depth;

        Form(String label, String server, int depth) {
            this.label = label;
            this.server = server;
            this.depth = depth;
        }
    }

    private record Options(int seconds, int rounds, int warmUp, int connections, Path jar) {
        static Options parse(String[] args) {
            int seconds = 2;
            int rounds = 5;
            int warmUp = 2;
            int connections = 4;
            Path jar = jarOf(Channel.class);
            for (int i = 0; i < args.length; i += 2) {
                String value = i + 1 < args.length ? args[i + 1] : "";
                switch (args[i]) {
                    case "--seconds" -> seconds = count(args[i], value);
                    case "--rounds" -> rounds = count(args[i], value);
                    case "--warm-up" -> warmUp = count(args[i], value);
                    case "--connections" -> connections = count(args[i], value);
                    case "--jar" -> jar = Path.of(value).toAbsolutePath();
                    default -> throw new IllegalArgumentException("unknown option: " + args[i]);
                }
            }
            if (!Files.isRegularFile(jar)) {
                throw new IllegalArgumentException("no such jar: " + jar);
            }
            return new Options(seconds, rounds, warmUp, connections, jar);
        }

        private static int count(String option, String value) {
            if (!value.matches("[1-9][0-9]{0,3}")) {
                throw new IllegalArgumentException(option + " takes 1 to 9999, not '" + value + "'");
            }
            return Integer.parseInt(value);
        }

        Duration limit() {
            long loads = 2L * Form.values().length;
            Duration loaded = Duration.ofSeconds(loads * (WARM_UPS * (long) warmUp + (long) rounds * seconds))
                    .plus(SETTLE.multipliedBy(loads * rounds))
                    .plus(COMPILE_LIMIT.multipliedBy(loads * WARM_UPS));
            return loaded.multipliedBy(2).plusMinutes(2);
        }
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 2 && args[0].equals("--yardstick")) {
            Yardstick.serve(Base64.getDecoder().decode(args[1]));
            return;
        }
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.exit(2);
            return;
        }
        Path folder = Files.createTempDirectory("greeter-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leaveNothing(folder), "clean-up"));
        Thread bound = new Thread(() -> endAfter(options.limit()), "bound");
        bound.setDaemon(true);
        bound.start();
        int exitCode = 0;
        try {
            new ExchangeBench(options, folder).run();
        } catch (BenchException failed) {
            System.err.println(failed.getMessage());
            exitCode = 1;
        }
        System.exit(exitCode);
    }

    private final Options options;
    private final Path folder;
    private final Map<Form, Long> exchanged = new EnumMap<>(Form.class);

    private ExchangeBench(Options options, Path folder) {
        this.options = options;
        this.folder = folder;
    }

    private void run() throws Exception {
        try (ServerProcess greeter = ServerProcess.start("Greeter", folder, greeterCommand())) {
            byte[] page = fetchPage(greeter);
            try (ServerProcess yardstick = ServerProcess.start("the yardstick", folder, yardstickCommand(page))) {
                EventLoopGroup loops = loops(1);
                List<ServerProcess> inTurn = List.of(greeter, yardstick);
                for (int i = 0; i < WARM_UPS; i++) {
                    for (Form form : Form.values()) {
                        for (ServerProcess server : inTurn) {
                            progress("warm-up: " + form.label + ", " + server.name);
                            warmUp(form, page, server, loops);
                        }
                    }
                }
                Results results = new Results();
                for (int round = 1; round <= options.rounds; round++) {
                    for (Form form : Form.values()) {
                        progress("round " + round + " of " + options.rounds + ": " + form.label);
                        Sample[] pair = new Sample[2];
                        for (int i = 0; i < pair.length; i++) {
                            pair[i] = measure(form, page, inTurn.get(i), loops, Duration.ofSeconds(options.seconds));
                        }
                        results.add(form, pair[0], pair[1]);
                    }
                }
                progress("checking counts");
                String counts = checkCounts(greeter);
                yardstick.stop();
                greeter.stop();
                checkLog(greeter);
                results.print(options, counts);
            }
        }
    }

    private List<String> greeterCommand() {
        return List.of(
                java(),
                HEAP,
                "-Djava.io.tmpdir=" + folder,
                "-jar",
                options.jar.toString(),
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
                jarOf(Channel.class).toString(),
                thisFile().toString(),
                "--yardstick",
                Base64.getEncoder().encodeToString(page));
    }

    /** Goes by what the JVM does, as on a busy machine it takes far longer to compile. */
    private void warmUp(Form form, byte[] page, ServerProcess server, EventLoopGroup loops) throws Exception {
        Load load = new Load(form, page, server, loops);
        load.start(options.connections);
        load.hold(Duration.ofSeconds(options.warmUp));
        long end = System.nanoTime() + COMPILE_LIMIT.toNanos();
        Sample second;
        do {
            Sample before = Sample.now(server, load);
            load.hold(Duration.ofSeconds(1));
            second = Sample.now(server, load).since(before);
        } while (second.compilerMicros / 1e6 > WARM * second.seconds && System.nanoTime() < end);
        stop(load);
    }

    /** Loads one server with one form, and says what that took once it went steadily. */
    private Sample measure(Form form, byte[] page, ServerProcess server, EventLoopGroup loops, Duration duration)
            throws Exception {
        Load load = new Load(form, page, server, loops);
        load.start(options.connections);
        load.hold(SETTLE);
        Sample before = Sample.now(server, load);
        load.hold(duration);
        Sample after = Sample.now(server, load);
        stop(load);
        return after.since(before);
    }

    private void stop(Load load) throws InterruptedException {
        long exchanges = load.stop();
        if (load.server.name.equals("Greeter")) {
            exchanged.merge(load.form, exchanges, Long::sum);
        }
    }

    /** The whole response to the load's own request, as the first of the exchanges. */
    private byte[] fetchPage(ServerProcess greeter) throws IOException {
        exchanged.merge(Form.PAGE, 1L, Long::sum);
        try (Socket socket = new Socket(LOOPBACK, greeter.port(Form.PAGE))) {
            socket.setSoTimeout((int) LAST_ANSWERS_LIMIT.toMillis());
            socket.getOutputStream().write(Script.GET_PAGE.getBytes(US_ASCII));
            byte[] page = socket.getInputStream().readNBytes(1);
            InputStream in = socket.getInputStream();
            while (!new String(page, US_ASCII).endsWith("</html>\n")) {
                byte[] more = new byte[1_024];
                int octets = in.read(more);
                if (octets < 0) {
                    throw new BenchException("Greeter closed before the page's end");
                }
                page = Arrays.copyOf(page, page.length + octets);
                System.arraycopy(more, 0, page, page.length - octets, octets);
            }
            return page;
        }
    }

    /** Greeter's totals are what the clients counted. */
    private String checkCounts(ServerProcess greeter) throws Exception {
        long greetings = exchanged.entrySet().stream()
                .filter(form -> form.getKey() != Form.PAGE)
                .mapToLong(Map.Entry::getValue)
                .sum();
        JsonObject expected =
                new JsonObject().put("greeting", answered(greetings)).put("http", answered(exchanged.get(Form.PAGE)));
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
            throw new BenchException("Greeter counted " + counted + " where there were " + expected);
        }
        return String.format(
                Locale.ROOT,
                "All %,d greetings and %,d pages were answered rightly, and Greeter counted and logged as many.",
                greetings,
                exchanged.get(Form.PAGE));
    }

    private static JsonObject answered(long exchanges) {
        return new JsonObject().put("answered", exchanges).put("refused", 0).put("failed", 0);
    }

    /** Each exchange has its line, or is in the number of those left out. */
    private void checkLog(ServerProcess greeter) {
        long total = exchanged.values().stream().mapToLong(Long::longValue).sum();
        if (greeter.logged + greeter.leftOut != total) {
            throw new BenchException(String.format(
                    Locale.ROOT,
                    "Greeter logged %d exchanges and left out %d where there were %d; it dropped %d lines, and of the"
                            + " rest %d were no JSON: %s",
                    greeter.logged,
                    greeter.leftOut,
                    total,
                    greeter.dropped,
                    greeter.foreign.size(),
                    greeter.foreign));
        }
    }

    /** The clients of one form at one server, each asking again as soon as it is answered. */
    private static final class Load {
        final Form form;
        final Script script;
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final ServerProcess server;
        private final Bootstrap bootstrap;

        /** Written by the clients' one event loop only. */
        private volatile long exchanges;

        private volatile boolean stopping;
        private int clients;

        Load(Form form, byte[] page, ServerProcess server, EventLoopGroup loops) {
            this.form = form;
            this.server = server;
            this.script = Script.of(form, page);
            this.bootstrap = new Bootstrap()
                    .group(loops)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) LAST_ANSWERS_LIMIT.toMillis())
                    .remoteAddress(LOOPBACK, server.port(form))
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new Client(Load.this));
                        }
                    });
        }

        void start(int connections) {
            clients = connections;
            for (int i = 0; i < connections; i++) {
                connect();
            }
        }

        void connect() {
            bootstrap.connect().addListener((ChannelFuture connected) -> {
                if (!connected.isSuccess()) {
                    fail("no connection: " + connected.cause());
                }
            });
        }

        /** Goes on for so long, unless an answer is wrong. */
        void hold(Duration duration) throws InterruptedException {
            try {
                ended.get(duration.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException asItShould) {
                return;
            } catch (ExecutionException failed) {
                throw new BenchException(failed.getCause().getMessage());
            }
        }

        /** Takes the answers that are still due, and closes. */
        long stop() throws InterruptedException {
            stopping = true;
            hold(LAST_ANSWERS_LIMIT);
            if (!ended.isDone()) {
                fail("answers were still due after " + LAST_ANSWERS_LIMIT.toSeconds() + " s");
                hold(Duration.ZERO);
            }
            return exchanges;
        }

        boolean isStopping() {
            return stopping;
        }

        void answered() {
            exchanges += form.depth;
        }

        void clientEnded() {
            clients--;
            if (clients == 0) {
                ended.complete(null);
            }
        }

        void fail(String what) {
            ended.completeExceptionally(new BenchException(form.label + ", " + server.name + ": " + what));
        }
    }

    /** What a client says and has to hear: once on opening, then again and again. */
    private record Script(byte[] openingRequest, byte[] openingAnswer, byte[] request, byte[] answer, int dateAt) {
        static final String PREFACE = "GREETING/2\n";
        static final String GET_PAGE = "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

        private static final int DATE_OCTETS = "Sun, 06 Nov 1994 08:49:37 GMT".length();

        static Script of(Form form, byte[] page) {
            return switch (form) {
                case ONE_SHOT -> of("", "Hello", "World".getBytes(US_ASCII), -1);
                case SESSION, DEEP_SESSION ->
                    of(
                            PREFACE,
                            "Hello\n".repeat(form.depth),
                            "World\n".repeat(form.depth).getBytes(US_ASCII),
                            -1);
                case PAGE -> {
                    String header = "\r\ndate: ";
                    int date = new String(page, US_ASCII).indexOf(header);
                    yield of("", GET_PAGE, page, date < 0 ? -1 : date + header.length());
                }
            };
        }

        private static Script of(String opening, String request, byte[] answer, int dateAt) {
            byte[] preface = opening.getBytes(US_ASCII);
            return new Script(preface, preface, request.getBytes(US_ASCII), answer, dateAt);
        }

        /** Only the page's date may differ, as long as it is one. */
        boolean isDate(int index) {
            return dateAt >= 0 && index >= dateAt && index < dateAt + DATE_OCTETS;
        }
    }

    /** One connection: it sends, takes exactly the answer, and sends again. */
    private static final class Client extends ChannelInboundHandlerAdapter {
        private final Load load;
        private final Script script;
        private final byte[] date = new byte[Script.DATE_OCTETS];
        private String checkedDate = "";
        private byte[] expected;
        private int received;
        private ByteBuf request;
        private boolean over;

        Client(Load load) {
            this.load = load;
            this.script = load.script;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            request = context.alloc().directBuffer().writeBytes(script.request);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            request.release();
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (script.openingRequest.length == 0) {
                ask(context);
            } else {
                expected = script.openingAnswer;
                context.writeAndFlush(Unpooled.wrappedBuffer(script.openingRequest));
            }
        }

        private void ask(ChannelHandlerContext context) {
            expected = script.answer;
            received = 0;
            context.writeAndFlush(request.retainedDuplicate());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf octets = (ByteBuf) message;
            try {
                if (!accepts(octets)) {
                    over = true;
                    load.fail("a wrong answer, at its octet " + received + ": " + octets.toString(US_ASCII));
                    context.close();
                }
            } finally {
                octets.release();
            }
            if (!over && received == expected.length) {
                complete(context);
            }
        }

        private boolean accepts(ByteBuf octets) {
            int from = octets.readerIndex();
            int length = octets.readableBytes();
            if (over || length > expected.length - received) {
                return false;
            }
            boolean answer = expected == script.answer;
            for (int i = 0; i < length; i++) {
                byte octet = octets.getByte(from + i);
                if (answer && script.isDate(received)) {
                    date[received - script.dateAt] = octet;
                } else if (octet != expected[received]) {
                    return false;
                }
                received++;
            }
            return !answer || received < expected.length || isDateRight();
        }

        private boolean isDateRight() {
            if (script.dateAt < 0) {
                return true;
            }
            String text = new String(date, US_ASCII);
            if (!text.equals(checkedDate)) {
                try {
                    DateTimeFormatter.RFC_1123_DATE_TIME.parse(text);
                } catch (DateTimeException none) {
                    return false;
                }
                checkedDate = text;
            }
            return true;
        }

        private void complete(ChannelHandlerContext context) {
            if (expected == script.answer) {
                if (load.form == Form.ONE_SHOT) {
                    // an exchange only with the server's close, and nothing before it
                    return;
                }
                load.answered();
            }
            if (!load.isStopping()) {
                ask(context);
                return;
            }
            over = true;
            if (load.form == Form.PAGE) {
                context.close();
            } else {
                // a session ends by its client's half-close, and the server's close after it
                ((DuplexChannel) context.channel()).shutdownOutput();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (load.form == Form.ONE_SHOT && !over && received == expected.length) {
                load.answered();
                if (!load.isStopping()) {
                    load.connect();
                    return;
                }
            } else if (!over) {
                load.fail("closed before an answer's end");
            }
            load.clientEnded();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            load.fail(cause.toString());
            context.close();
        }
    }

    /** A server as a process of its own: what it logs tells its ports, and what it has logged. */
    private static final class ServerProcess implements AutoCloseable {
        /** For the bench's own end, whatever brings it. */
        static final List<ServerProcess> STARTED = new CopyOnWriteArrayList<>();

        final String name;
        private final Process process;
        private final Thread reader = new Thread(this::readLog, "log-reader");
        private final Map<String, Integer> ports = new ConcurrentHashMap<>();
        private final CompletableFuture<Void> ready = new CompletableFuture<>();

        /** Read when the process has ended. */
        private long logged;

        private long leftOut;
        private long dropped;
        private final List<String> foreign = new ArrayList<>();

        private ServerProcess(String name, Process process) {
            this.name = name;
            this.process = process;
        }

        static ServerProcess start(String name, Path folder, List<String> command) throws Exception {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            // defaults only
            builder.environment().keySet().removeIf(variable -> variable.startsWith("GREETER_"));
            ServerProcess server = new ServerProcess(name, builder.start());
            STARTED.add(server);
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
            return ports.get(form.server);
        }

        private void readLog() {
            try (BufferedReader lines = process.inputReader(US_ASCII)) {
                for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                    if (!text.startsWith("{")) {
                        // of the JVM, which an environment's options can make talk
                        foreign.add(text);
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

        /** Asks it to, by SIGTERM, and waits until it did. */
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

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    /** What a server process has used, and what its clients were answered: until now, or in between. */
    private record Sample(
            double exchanges, double seconds, double userMicros, double systemMicros, double compilerMicros) {
        private static final int USER_TIME = 11;
        private static final int SYSTEM_TIME = 12;
        private static final double MICROS_PER_TICK = 1e6 / ticksPerSecond();

        static Sample now(ServerProcess server, Load load) throws IOException {
            Path process = Path.of("/proc", Long.toString(server.process.pid()));
            String stat = Files.readString(process.resolve("stat"));
            // the second field is the command's name, in parentheses, and may hold anything; proc(5)
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return new Sample(
                    load.exchanges,
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
                // a thread that ended meanwhile: as good as none
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
                return Long.parseLong(getconf.inputReader().readLine().strip());
            } catch (IOException absent) {
                // Linux has told programs so on every architecture that has a JVM
                return 100;
            }
        }
    }

    /** The rounds' figures, each Greeter's beside the yardstick's of the same round. */
    private static final class Results {
        private record Pair(Sample greeter, Sample yardstick) {}

        private final Map<Form, List<Pair>> rounds = new EnumMap<>(Form.class);

        void add(Form form, Sample greeter, Sample yardstick) {
            if (greeter.exchanges <= 0 || yardstick.exchanges <= 0) {
                throw new BenchException(form.label + ": not one exchange in a round");
            }
            rounds.computeIfAbsent(form, first -> new ArrayList<>()).add(new Pair(greeter, yardstick));
        }

        void print(Options options, String counts) {
            String columns = "| %-17s | %-9s | %11s | %7s | %7s | %7s | %13s | %5s |%n";
            System.out.printf(
                    columns, "form", "server", "exchanges/s", "user", "system", "CPU µs", "Greeter's own", "ratio");
            System.out.println("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
            rounds.forEach((form, pairs) -> {
                double own = median(pairs, pair -> pair.greeter.cpu() - pair.yardstick.cpu());
                double ratio = median(pairs, pair -> pair.greeter.cpu() / pair.yardstick.cpu());
                System.out.printf(
                        columns,
                        form.label,
                        "Greeter",
                        count(median(pairs, pair -> pair.greeter.perSecond())),
                        micros(median(pairs, pair -> pair.greeter.user())),
                        micros(median(pairs, pair -> pair.greeter.system())),
                        micros(median(pairs, pair -> pair.greeter.cpu())),
                        micros(own),
                        String.format(Locale.ROOT, "%.2f", ratio));
                System.out.printf(
                        columns,
                        "",
                        "yardstick",
                        count(median(pairs, pair -> pair.yardstick.perSecond())),
                        micros(median(pairs, pair -> pair.yardstick.user())),
                        micros(median(pairs, pair -> pair.yardstick.system())),
                        micros(median(pairs, pair -> pair.yardstick.cpu())),
                        "",
                        "");
            });
            System.out.printf(
                    Locale.ROOT,
                    "%nServer CPU microseconds an exchange, medians of %d rounds of %d s on %d connections; own"
                            + " and ratio are the medians of each round's.%nThe JVM's compilers had %.1f %% of"
                            + " Greeter's CPU time, and %.1f %% of the yardstick's.%n%s%n"
                            + "Java %s, Linux %s, %d cores shared with the clients, NIO.%n",
                    options.rounds,
                    options.seconds,
                    options.connections,
                    compilers(Pair::greeter),
                    compilers(Pair::yardstick),
                    counts,
                    System.getProperty("java.version"),
                    System.getProperty("os.version"),
                    Runtime.getRuntime().availableProcessors());
        }

        /** The part of the CPU time that went into compiling: far from 0, the JVM was not warm. */
        private double compilers(Function<Pair, Sample> server) {
            List<Sample> samples =
                    rounds.values().stream().flatMap(List::stream).map(server).toList();
            return 100
                    * samples.stream().mapToDouble(Sample::compilerMicros).sum()
                    / samples.stream()
                            .mapToDouble(sample -> sample.userMicros + sample.systemMicros)
                            .sum();
        }

        private static String count(double number) {
            return String.format(Locale.ROOT, "%,.0f", number);
        }

        private static String micros(double number) {
            return String.format(Locale.ROOT, number < 10 ? "%.3f" : "%.1f", number);
        }

        private static double median(List<Pair> pairs, ToDoubleFunction<Pair> figure) {
            double[] sorted = pairs.stream().mapToDouble(figure).sorted().toArray();
            int half = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        }
    }

    /** Answers by the same octets as Greeter, for the least that a server on this transport can spend. */
    private static final class Yardstick {
        private static final byte LF = '\n';
        private static final byte CR = '\r';

        static void serve(byte[] page) throws Exception {
            // the exit code of a signal would be 128 and its number
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
            EventLoopGroup acceptor = loops(1);
            EventLoopGroup loops = loops(Runtime.getRuntime().availableProcessors());
            listen("greeting", acceptor, loops, Greetings::new);
            listen("http", acceptor, loops, () -> new Pages(page));
            System.out.println(new JsonObject().put("message", "ready").encode());
            // its parent never says anything: this ends when the parent did
            System.in.read();
            System.exit(0);
        }

        private static void listen(
                String server, EventLoopGroup acceptor, EventLoopGroup loops, Supplier<Answering> answering)
                throws InterruptedException {
            Channel channel = new ServerBootstrap()
                    .group(acceptor, loops)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, 1_024)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel accepted) {
                            accepted.pipeline().addLast(answering.get());
                        }
                    })
                    .bind(LOOPBACK, 0)
                    .sync()
                    .channel();
            int port = ((InetSocketAddress) channel.localAddress()).getPort();
            System.out.println(new JsonObject()
                    .put("message", "listening")
                    .put("server", server)
                    .put("port", port)
                    .encode());
        }

        private abstract static class Answering extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ByteBuf octets = (ByteBuf) message;
                try {
                    answer(context, octets);
                } finally {
                    octets.release();
                }
            }

            abstract void answer(ChannelHandlerContext context, ByteBuf octets);

            static ByteBuf direct(byte[] octets) {
                return Unpooled.unreleasableBuffer(
                        Unpooled.directBuffer(octets.length).writeBytes(octets).asReadOnly());
            }
        }

        /** The first octet tells the form; a session's first line is its preface. */
        private static final class Greetings extends Answering {
            private static final int MOST = 4_096;
            private static final int WORLD_OCTETS = "World\n".length();
            private static final ByteBuf WORLDS = direct("World\n".repeat(MOST).getBytes(US_ASCII));
            private static final ByteBuf PREFACE = direct(Script.PREFACE.getBytes(US_ASCII));

            private int oneShotOctets;
            private boolean session;

            @Override
            void answer(ChannelHandlerContext context, ByteBuf octets) {
                if (session) {
                    write(context, lines(octets));
                } else if (octets.getByte(octets.readerIndex()) == 'G') {
                    session = true;
                    context.write(PREFACE.duplicate());
                    write(context, lines(octets) - 1);
                } else {
                    oneShotOctets += octets.readableBytes();
                    if (oneShotOctets >= "Hello".length()) {
                        context.writeAndFlush(WORLDS.slice(0, WORLD_OCTETS - 1))
                                .addListener(ChannelFutureListener.CLOSE);
                    }
                }
            }

            private static void write(ChannelHandlerContext context, int lines) {
                int left = lines;
                while (left > MOST) {
                    context.write(WORLDS.duplicate());
                    left -= MOST;
                }
                context.writeAndFlush(WORLDS.slice(0, left * WORLD_OCTETS));
            }

            private static int lines(ByteBuf octets) {
                int lines = 0;
                for (int i = octets.readerIndex(); i < octets.writerIndex(); i++) {
                    if (octets.getByte(i) == LF) {
                        lines++;
                    }
                }
                return lines;
            }
        }

        /** An empty line ends a request. */
        private static final class Pages extends Answering {
            private final ByteBuf page;
            private int matched;

            Pages(byte[] page) {
                this.page = direct(page);
            }

            @Override
            void answer(ChannelHandlerContext context, ByteBuf octets) {
                for (int i = octets.readerIndex(); i < octets.writerIndex(); i++) {
                    byte octet = octets.getByte(i);
                    if (octet == (matched % 2 == 0 ? CR : LF)) {
                        matched++;
                    } else {
                        matched = octet == CR ? 1 : 0;
                    }
                    if (matched == 4) {
                        matched = 0;
                        context.write(page.duplicate());
                    }
                }
                context.flush();
            }
        }
    }

    /** NIO, as in Greeter. */
    private static EventLoopGroup loops(int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("loops", true), NioIoHandler.newFactory());
    }

    /** Why there are no figures, in one line. */
    private static final class BenchException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BenchException(String message) {
            super(message);
        }
    }

    private static void progress(String what) {
        System.err.println(what);
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

    private static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The source that the java command was started with. */
    private static Path thisFile() {
        return Stream.of(ProcessHandle.current().info().arguments().orElse(new String[0]))
                .filter(argument -> argument.endsWith(ExchangeBench.class.getSimpleName() + ".java"))
                .findFirst()
                .map(source -> Path.of(source).toAbsolutePath())
                .orElseThrow(() -> new BenchException("start it as its first lines say"));
    }

    private static void leaveNothing(Path folder) {
        ServerProcess.STARTED.forEach(ServerProcess::close);
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException left) {
            System.err.println("not deleted: " + left);
        }
    }
}
