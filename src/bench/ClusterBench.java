import dev.greeter.bus.Addresses;
import dev.greeter.bus.Exchange;
import dev.greeter.bus.ExchangeBatch;
import dev.greeter.bus.Form;
import dev.greeter.bus.Node;
import dev.greeter.bus.Outcome;
import dev.greeter.bus.Protocol;
import dev.greeter.cluster.Cluster;
import dev.greeter.config.Config;
import dev.greeter.ledger.ClusterLedger;
import dev.greeter.ledger.Ledger;
import dev.greeter.ledger.LedgerVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a cluster costs while nothing but itself happens: many nodes in this JVM, each with the service's own ledger,
 * sharing and cluster manager, and nothing that listens for clients. On Linux, after the build, from the top of the
 * repository, in a network of its own, so that all that crosses it is the cluster's:
 *
 * <pre>unshare --net sh -c 'ip link set lo up && java -Xmx4g -cp target/greeter.jar src/bench/ClusterBench.java --nodes 30'</pre>
 *
 * <pre>
 * --nodes N     how many nodes share their tallies (3)
 * --members N   members of the cluster that they run on; fewer than nodes where this machine is too small (as nodes)
 * --seconds N   how long is measured (20)
 * </pre>
 *
 * <p>With fewer members than nodes several ledgers go to the map by one member. Each still writes its entry and reads all
 * others each second, so octets, CPU time and query time are those of so many nodes; packets are not, as a read asks each
 * member. Exit codes: 0 measured; 1 the cluster did not form or does not add up; 2 wrong usage.
 */
public final class ClusterBench {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int FIRST_PORT = 15_701;

    /** Exchanges of each protocol that each node has counted before: its entry grows with them, most at first. */
    private static final int COUNTED = 100_000;

    /** The standard deviation of the logarithm of a service time: most take 20 to 500 microseconds, some far longer. */
    private static final double SPREAD = 1.5;

    /** Members that join at the same time: more, and two cores take longer for it than a member waits. */
    private static final int AT_ONCE = 4;

    private static final int QUERIES = 500;
    private static final Duration FORM_LIMIT = Duration.ofMinutes(5);
    private static final DeliveryOptions PATIENT = new DeliveryOptions().setSendTimeout(5_000);
    private static final JsonObject QUERY = new JsonObject().put("scope", "cluster");

    private final Options options;
    private final Random random = new Random(1);
    private final List<Vertx> members = new ArrayList<>();

    private record Options(int nodes, int members, int seconds) {
        static Options parse(String[] args) {
            int nodes = 3;
            int members = 0;
            int seconds = 20;
            for (int i = 0; i < args.length; i += 2) {
                String value = i + 1 < args.length ? args[i + 1] : "";
                if (!value.matches("[1-9][0-9]{0,3}")) {
                    throw new IllegalArgumentException(args[i] + " takes a number from 1 to 9999, not '" + value + "'");
                }
                switch (args[i]) {
                    case "--nodes" -> nodes = Integer.parseInt(value);
                    case "--members" -> members = Integer.parseInt(value);
                    case "--seconds" -> seconds = Integer.parseInt(value);
                    default -> throw new IllegalArgumentException("unknown option: " + args[i]);
                }
            }
            return new Options(nodes, members == 0 ? nodes : Math.min(members, nodes), seconds);
        }
    }

    /** What crossed the network, and how long all threads had a processor. */
    private record Cost(long packets, long octets, long cpuNanos, long atNanos) {
        static Cost now() throws IOException {
            String loopback = Files.readAllLines(Path.of("/proc/net/dev")).stream()
                    .map(String::trim)
                    .filter(line -> line.startsWith("lo:"))
                    .findFirst()
                    .orElseThrow();
            String[] received = loopback.substring("lo:".length()).trim().split("\\s+", 3);
            long cpu = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                    .getProcessCpuTime();
            return new Cost(Long.parseLong(received[1]), Long.parseLong(received[0]), cpu, System.nanoTime());
        }
    }

    private ClusterBench(Options options) {
        this.options = options;
    }

    public static void main(String[] args) {
        try {
            for (String logger : List.of(Logger.ROOT_LOGGER_NAME, "dev.greeter")) {
                ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(logger))
                        .setLevel(ch.qos.logback.classic.Level.OFF);
            }
            new ClusterBench(Options.parse(args)).run();
            System.exit(0);
        } catch (IllegalArgumentException wrong) {
            System.err.println("ClusterBench: " + wrong.getMessage());
            System.exit(2);
        } catch (Exception failed) {
            System.err.println("ClusterBench: " + failed);
            System.exit(1);
        }
    }

    private void run() throws Exception {
        long started = System.nanoTime();
        join(0);
        for (int member = 1; member < options.members; member += AT_ONCE) {
            List<Future<Vertx>> joining = IntStream.range(member, Math.min(member + AT_ONCE, options.members))
                    .mapToObj(this::joining)
                    .toList();
            for (Future<Vertx> one : joining) {
                members.add(get(one));
            }
        }
        for (int node = 0; node < options.nodes; node++) {
            deploy(node);
        }
        awaitAgreement();
        System.out.printf(
                "%d nodes on %d members agree after %d s%n",
                options.nodes, options.members, (System.nanoTime() - started) / 1_000_000_000);
        measure();
    }

    private void join(int member) throws Exception {
        members.add(get(joining(member)));
    }

    private Future<Vertx> joining(int member) {
        Config.Cluster config = new Config.Cluster(
                true,
                "bench",
                LOOPBACK,
                FIRST_PORT + member,
                0,
                List.of(LOOPBACK + ":" + FIRST_PORT, LOOPBACK + ":" + (FIRST_PORT + member)),
                "",
                new Config.Cluster.Tls("", "", ""));
        return new Cluster(config).join(Vertx.builder(), new VertxOptions().setEventLoopPoolSize(2));
    }

    private void deploy(int number) throws Exception {
        Ledger ledger = new Ledger(new Node("greeter-" + number, "bench", "bench", Instant.now()), 0);
        for (Protocol protocol : Protocol.values()) {
            ledger.count(
                    new ExchangeBatch("source-" + number, 1, protocol, 1, 0, 0, exchanges(protocol)),
                    System.nanoTime());
        }
        get(members.get(number % members.size())
                .deployVerticle(new LedgerVerticle(ledger, new ClusterLedger(ledger)), new DeploymentOptions()));
    }

    /** About 100 microseconds is the median. */
    private List<Exchange> exchanges(Protocol protocol) {
        Form form = protocol == Protocol.GREETING ? Form.ONESHOT : Form.PAGE;
        List<Exchange> exchanges = new ArrayList<>();
        for (int i = 0; i < COUNTED; i++) {
            long micros = Math.round(100 * Math.exp(SPREAD * random.nextGaussian()));
            exchanges.add(new Exchange(
                    Instant.now(), protocol, form, Outcome.ANSWERED, "127.0.0.1:1", null, null, 5, micros));
        }
        return exchanges;
    }

    /** Until as many queries as there are nodes were answered in full, one after the other: each answers in its turn. */
    private void awaitAgreement() throws Exception {
        long end = System.nanoTime() + FORM_LIMIT.toNanos();
        long greeted = (long) COUNTED * options.nodes;
        int agreeing = 0;
        while (agreeing < options.nodes) {
            JsonObject stats = query();
            long answered =
                    stats.getJsonObject("totals").getJsonObject("greeting").getLong("answered");
            boolean whole = answered == greeted && !stats.getBoolean("partial", false);
            agreeing = whole ? agreeing + 1 : 0;
            if (System.nanoTime() > end) {
                throw new IllegalStateException("after " + FORM_LIMIT.toSeconds() + " s " + answered + " greetings of "
                        + greeted + " are known, by " + stats.getString("node"));
            }
            if (!whole) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
    }

    private JsonObject query() throws Exception {
        Vertx asking = members.get(random.nextInt(members.size()));
        Message<JsonObject> answer = get(asking.eventBus().request(Addresses.STATS, QUERY, PATIENT));
        return answer.body();
    }

    private void measure() throws Exception {
        Cost before = Cost.now();
        TimeUnit.SECONDS.sleep(options.seconds);
        Cost after = Cost.now();
        double seconds = (after.atNanos - before.atNanos) / 1e9;
        double nodeSeconds = seconds * options.nodes;

        long[] micros = new long[QUERIES];
        for (int i = 0; i < QUERIES; i++) {
            long asked = System.nanoTime();
            query();
            micros[i] = (System.nanoTime() - asked) / 1_000;
        }
        Arrays.sort(micros);
        int answerOctets = query().toBuffer().length();

        Map<String, String> map = get(members.get(0)
                .sharedData()
                .<String, String>getAsyncMap(Addresses.TALLIES)
                .compose(tallies -> tallies.entries()));
        long mapOctets = map.entrySet().stream()
                .mapToLong(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();

        line("map", "%d entries, %,d octets, %,d an entry", map.size(), mapOctets, mapOctets / map.size());
        line(
                "network",
                "%,.0f packets/s, %,.0f octets/s",
                (after.packets - before.packets) / seconds,
                (after.octets - before.octets) / seconds);
        line(
                "a node of it",
                "%,.1f packets/s, %,.0f octets/s",
                (after.packets - before.packets) / nodeSeconds,
                (after.octets - before.octets) / nodeSeconds);
        line(
                "CPU",
                "%.2f cores, %.2f ms a node and second",
                (after.cpuNanos - before.cpuNanos) / 1e9 / seconds,
                (after.cpuNanos - before.cpuNanos) / 1e6 / nodeSeconds);
        line("heap", "%.1f MB a member", heap / 1e6 / options.members);
        line(
                "query",
                "p50 %,d us, p99 %,d us, max %,d us, %,d octets",
                micros[QUERIES / 2],
                micros[QUERIES * 99 / 100],
                micros[QUERIES - 1],
                answerOctets);
    }

    private static void line(String what, String format, Object... figures) {
        System.out.printf(Locale.ROOT, "%-13s %s%n", what, String.format(Locale.ROOT, format, figures));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(FORM_LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
