package dev.greeter.bench.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Measures the cost of a cluster: many nodes in this JVM, each with the service's own ledger, sharing and cluster manager,
 * and without servers. On Linux, after {@code mvn package}, from the top of the repository, in its own network, so that all
 * traffic is the cluster's:
 *
 * <pre>unshare --net sh -c 'ip link set lo up && java -Xmx4g -cp target/greeter.jar:target/bench dev.greeter.bench.cluster.ClusterBench --nodes 30'</pre>
 *
 * <pre>
 * --nodes N     nodes that share their tallies (3)
 * --members N   members of the cluster that the nodes run on; fewer than nodes if this machine is too small (as nodes)
 * --seconds N   duration of each measurement (20)
 * --load N      exchanges of both protocols that each node counts in a second (0)
 * </pre>
 *
 * <p>It measures the members alone first, then with the nodes' ledgers; what these add is the difference. With fewer members
 * than nodes several ledgers use the maps by one member. Each still reads and writes what a node does, but some of it stays
 * in its member: one part in as many as there are members. Exit codes: 0 measured; 1 the cluster did not form or does not add up; 2
 * wrong usage.
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
        Nodes nodes = new Nodes(options);
        nodes.join();
        TimeUnit.SECONDS.sleep(options.seconds());
        Cost alone = measure("members alone", options);

        long started = System.nanoTime();
        nodes.deploy();
        nodes.awaitAgreement();
        System.out.printf(
                "%d nodes on %d members agree after %d s%n",
                options.nodes(), options.members(), (System.nanoTime() - started) / 1_000_000_000);
        nodes.load();
        // the histograms of a load that has just begun are written more often
        TimeUnit.SECONDS.sleep(options.seconds());
        Cost all = measure("with ledgers", options);
        print(
                "a ledger",
                "%,.1f packets/s, %,.0f octets/s, as the difference",
                (all.packets() - alone.packets()) / (double) options.nodes() / options.seconds(),
                (all.octets() - alone.octets()) / (double) options.nodes() / options.seconds());
        nodes.stopLoad();
        nodes.awaitAgreement();
        long[] micros = queryMicros(nodes);
        JsonObject answer = nodes.query();

        nodes.mapOctets()
                .forEach((name, octets) ->
                        print("map", "%s: %,d entries, %,d octets", name, octets.getCount(), octets.getSum()));
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

    /** @return the cost of the time of the measurement */
    private static Cost measure(String name, Options options) throws Exception {
        Cost before = Cost.now();
        TimeUnit.SECONDS.sleep(options.seconds());
        Cost cost = Cost.now().minus(before);
        double seconds = cost.atNanos() / 1e9;
        double each = seconds * options.nodes();
        print(
                name,
                "%,.0f packets/s, %,.0f octets/s; each node %,.1f packets/s, %,.0f octets/s, %.2f ms CPU a second",
                cost.packets() / seconds,
                cost.octets() / seconds,
                cost.packets() / each,
                cost.octets() / each,
                cost.cpuNanos() / 1e6 / each);
        return cost;
    }

    private static void print(String name, String format, Object... figures) {
        System.out.printf(Locale.ROOT, "%-13s %s%n", name, String.format(Locale.ROOT, format, figures));
    }
}
