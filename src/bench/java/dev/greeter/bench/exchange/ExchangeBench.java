package dev.greeter.bench.exchange;

import dev.greeter.bench.server.BareVertx;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Measures the CPU time of an exchange, user and system, of Greeter's jar and of other servers that answer with the same page and
 * the same greetings. On Linux, after {@code mvn package}, from the top of the repository:
 *
 * <pre>java -cp target/greeter.jar:target/bench dev.greeter.bench.exchange.ExchangeBench</pre>
 *
 * <pre>
 * --warm-up N      seconds of load for each form and server before the first measurement (30); 2 for servers that do not compile
 * --seconds N      duration of each measurement (5)
 * --rounds N       measurements of each form and server (3); 0 for the starts only
 * --starts N       starts of each server (5); 0 for the loads only
 * --jit            measures the first 5 s of load of a new process for each form and round instead
 * --forms LIST     of one-shot,session,deep-session,page (all)
 * --servers LIST   of greeter,vertx,epoll,uncounted,threads,node,nginx,floor (all that are there)
 * --jar FILE       Greeter (the jar on the class path)
 * --jdk HOME       the JDK for virtual threads (JAVA_HOME_21, or the newest in /usr/lib/jvm)
 * --java OPTIONS   options of all JVMs, in one argument
 * --instances N    Greeter's instances (its default)
 * --shared         holds nothing to a core
 * --epoll JARS     class path of Netty's epoll transport, for the server epoll
 * </pre>
 *
 * <p>The servers run on one core and the clients on another one, by {@code taskset}. Each server is loaded in turn, so figures
 * of one run may be compared. The yardstick of all ratios is {@link BareVertx}. The CPU time is the whole process's, so it
 * includes garbage collection, compilers, counting and logging. Greeter is as it ships, and its JVM has the JDK of this
 * command.
 *
 * <p>Each octet of each answer is checked, and at the end Greeter's counts and log are. Exit codes: 0 everything was right; 1 a
 * wrong answer or count, or a process that did not start or stop; 2 wrong usage.
 */
public final class ExchangeBench {
    /** Twice for each form and server, because each form's code is compiled anew once it knows the other forms. */
    private static final int WARM_UPS = 2;

    private static final Duration SHORT_WARM_UP = Duration.ofSeconds(1);
    private static final Duration SETTLE = Duration.ofMillis(300);

    private final Options options;
    private final Servers servers;
    private final Cores cores;
    private final Load.Generator loads;
    private final Results results = new Results();

    private ExchangeBench(Options options, Path folder) throws IOException, InterruptedException {
        this.options = options;
        cores = Cores.find(options.shared);
        servers = new Servers(options, folder, cores);
        loads = new Load.Generator(Program.compile("load", folder), folder, cores);
    }

    public static void main(String[] args) throws Exception {
        Options options = Options.parseOrExit(args);
        Path folder = Files.createTempDirectory("greeter-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(folder), "clean-up"));
        int exitCode = 0;
        try {
            new ExchangeBench(options, folder).run();
        } catch (BenchException failed) {
            System.err.println(failed.getMessage());
            exitCode = 1;
        }
        System.exit(exitCode);
    }

    private void run() throws IOException, InterruptedException {
        Set<Server> chosen = EnumSet.copyOf(options.servers);
        servers.missing(chosen).forEach((server, reason) -> {
            System.out.println("Without " + server.label + ": " + reason + ".");
            chosen.remove(server);
        });
        System.out.printf(
                "Java %s, Linux %s, %s, %s.%n%n",
                System.getProperty("java.version"),
                System.getProperty("os.version"),
                cores.description(),
                loads.program().isPresent()
                        ? "clients in C"
                        : "clients in Java, which cost about as much as the servers");
        try (ServerProcess greeter = servers.start(Server.GREETER)) {
            servers.publish(greeter.page(), greeter.bodyAt());
        }
        if (!options.jit && options.starts > 0) {
            new Starts(options, servers, cores, results).measure(chosen);
            results.printStarts();
            System.out.println();
        }
        if (options.rounds == 0) {
            return;
        }
        if (options.jit) {
            measureFirstSeconds(chosen);
        } else {
            measureWarm(chosen);
        }
        results.printLoads();
        System.out.println();
        results.printSummary();
    }

    /** Loads a new process each time, from its first answer on. */
    private void measureFirstSeconds(Set<Server> chosen) throws IOException, InterruptedException {
        for (int round = 1; round <= options.rounds; round++) {
            for (Form form : options.forms) {
                for (Server server : chosen) {
                    if (server.forms().contains(form)) {
                        progress("round " + round + ", first seconds: " + form.label + ", " + server.label);
                        try (ServerProcess started = servers.start(server)) {
                            started.page();
                            results.add(server, form, measure(form, started, Duration.ZERO));
                            check(started);
                        }
                    }
                }
            }
        }
    }

    private void measureWarm(Set<Server> chosen) throws IOException, InterruptedException {
        List<ServerProcess> inTurn = new ArrayList<>();
        try {
            for (Server server : chosen) {
                inTurn.add(servers.start(server));
            }
            for (int i = 0; i < WARM_UPS; i++) {
                for (Form form : options.forms) {
                    for (ServerProcess server : with(form, inTurn)) {
                        progress("warm-up: " + form.label + ", " + server.server.label);
                        warmUp(form, server);
                    }
                }
            }
            for (int round = 1; round <= options.rounds; round++) {
                for (Form form : options.forms) {
                    progress("round " + round + ": " + form.label);
                    for (ServerProcess server : with(form, inTurn)) {
                        results.add(server.server, form, measure(form, server, SETTLE));
                    }
                }
            }
            for (ServerProcess server : inTurn) {
                check(server);
            }
        } finally {
            inTurn.forEach(ServerProcess::close);
        }
    }

    private static List<ServerProcess> with(Form form, List<ServerProcess> servers) {
        return servers.stream()
                .filter(process -> process.server.forms().contains(form))
                .toList();
    }

    private void warmUp(Form form, ServerProcess server) throws IOException, InterruptedException {
        Duration duration =
                server.server.compiles ? Duration.ofSeconds(options.warmUp).dividedBy(WARM_UPS) : SHORT_WARM_UP;
        try (Load load = loads.start(form, server)) {
            load.hold(duration);
            load.stop();
        }
    }

    private Sample measure(Form form, ServerProcess server, Duration settle) throws IOException, InterruptedException {
        try (Load load = loads.start(form, server)) {
            load.hold(settle);
            Sample before = Sample.now(load);
            load.hold(Duration.ofSeconds(options.seconds));
            Sample cost = Sample.now(load).since(before);
            load.stop();
            return cost;
        }
    }

    private static void check(ServerProcess server) throws IOException, InterruptedException {
        if (server.server == Server.GREETER) {
            server.check();
            progress("Greeter has counted and logged every exchange");
        }
    }

    private static void progress(String line) {
        System.err.println(line);
    }

    /** Ends the servers, whatever ended the benchmark, and deletes their files. */
    static void cleanUp(Path folder) {
        ProcessHandle.current().descendants().forEach(server -> {
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
