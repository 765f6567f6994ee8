package dev.greeter.bench.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Measures the cost of a cluster without load: many nodes in this JVM, each with the service's own ledger, sharing and
 * cluster manager, and without servers. On Linux, after {@code mvn package}, from the top of the repository, in its own
 * network, so that all traffic is the cluster's:
 *
 * <pre>unshare --net sh -c 'ip link set lo up && java -Xmx4g -cp target/greeter.jar:target/bench dev.greeter.bench.cluster.ClusterBench --nodes 30'</pre>
 *
 * <pre>
 * --nodes N     nodes that share their tallies (3)
 * --members N   members of the cluster that the nodes run on; fewer than nodes if this machine is too small (as nodes)
 * --seconds N   duration of the measurement (20)
 * </pre>
 *
 * <p>With fewer members than nodes several ledgers use the map by one member. Each still writes its entry and reads all
 * others every second, so octets, CPU time and query time are those of so many nodes; packets are not, because a read asks
 * each member. Exit codes: 0 measured; 1 the cluster did not form or does not add up; 2 wrong usage.
 */
public final class ClusterBench {
    private static final int QUERIES = 500;

    private ClusterBench() {}

    public static void main(String[] args) {
        try {
            for (String name : List.of(Logger.ROOT_LOGGER_NAME, "dev.greeter")) {
                ((Logger) LoggerFactory.getLogger(name)).setLevel(Level.OFF);
            }
            run(Options.parse(args));
            System.exit(0);
        } catch (IllegalArgumentException wrong) {
            System.err.println("ClusterBench: " + wrong.getMessage());
            System.exit(2);
        } catch (Exception failed) {
            System.err.println("ClusterBench: " + failed);
            System.exit(1);
        }
    }

    private static void run(Options options) throws Exception {
        long started = System.nanoTime();
        Nodes nodes = Nodes.start(options);
        System.out.printf(
                "%d nodes on %d members agree after %d s%n",
                options.nodes(), options.members(), (System.nanoTime() - started) / 1_000_000_000);

        Cost before = Cost.now();
        TimeUnit.SECONDS.sleep(options.seconds());
        Cost after = Cost.now();
        long[] micros = queryMicros(nodes);
        JsonObject answer = nodes.query();

        printMap(nodes.map());
        printCost(before, after, options.nodes());
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        print("heap", "%.1f MB a member", heap / 1e6 / options.members());
        print(
                "query",
                "p50 %,d us, p99 %,d us, max %,d us, %,d octets",
                micros[QUERIES / 2],
                micros[QUERIES * 99 / 100],
                micros[QUERIES - 1],
                answer.toBuffer().length());
    }

    /** In ascending order. */
    private static long[] queryMicros(Nodes nodes) throws Exception {
        long[] micros = new long[QUERIES];
        for (int i = 0; i < QUERIES; i++) {
            long asked = System.nanoTime();
            nodes.query();
            micros[i] = (System.nanoTime() - asked) / 1_000;
        }
        Arrays.sort(micros);
        return micros;
    }

    private static void printMap(Map<String, String> map) {
        long octets = map.entrySet().stream()
                .mapToLong(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        print("map", "%d entries, %,d octets, %,d an entry", map.size(), octets, octets / map.size());
    }

    private static void printCost(Cost before, Cost after, int nodes) {
        double seconds = (after.atNanos() - before.atNanos()) / 1e9;
        double nodeSeconds = seconds * nodes;
        long packets = after.packets() - before.packets();
        long octets = after.octets() - before.octets();
        long cpuNanos = after.cpuNanos() - before.cpuNanos();
        print("network", "%,.0f packets/s, %,.0f octets/s", packets / seconds, octets / seconds);
        print("each node", "%,.1f packets/s, %,.0f octets/s", packets / nodeSeconds, octets / nodeSeconds);
        print("CPU", "%.2f cores, %.2f ms a node and second", cpuNanos / 1e9 / seconds, cpuNanos / 1e6 / nodeSeconds);
    }

    private static void print(String name, String format, Object... figures) {
        System.out.printf(Locale.ROOT, "%-13s %s%n", name, String.format(Locale.ROOT, format, figures));
    }
}
