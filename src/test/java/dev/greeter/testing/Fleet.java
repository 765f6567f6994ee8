package dev.greeter.testing;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Nodes behind a balancer, like a Deployment's pods behind a Service, and the counts of all of them at their ends. */
public final class Fleet implements AutoCloseable {
    /** As pods have it. */
    private static final List<String> JVM_OPTIONS = List.of("-XX:+UseSerialGC");

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Set<String> WARNINGS = Set.of("WARN", "ERROR");

    /** What a node reports on a machine that has no time for it, and of another's query that reaches it while it stops. */
    private static final Pattern HARMLESS = Pattern.compile("Thread \\S+ has been blocked for .*"
            + "|the cluster does not answer: .*"
            + "|Discarding message since the consumer is not registered\\. .*");

    private final Path folder;
    private final Map<String, String> environment;
    private final IntFunction<List<String>> settings;
    private final Balancer balancer;
    private final List<Node> nodes = new ArrayList<>();
    private final List<GreeterProcess> running = new ArrayList<>();
    private final List<Integer> exitCodes = new ArrayList<>();
    private final List<JsonObject> stopped = new ArrayList<>();
    private final List<JsonObject> warnings = new ArrayList<>();
    private int started;

    /** The place that no node has, for the surge of a rollout. */
    private int free;

    /** @param place its number at the balancer */
    private record Node(int place, GreeterProcess process) {}

    private Fleet(Path folder, Balancer balancer, Map<String, String> environment, IntFunction<List<String>> settings) {
        this.folder = folder;
        this.environment = environment;
        this.balancer = balancer;
        this.settings = settings;
    }

    public static Fleet start(Path folder, int size, String... settings) throws IOException {
        return start(Balancer.start(folder, size + 1), folder, size, Map.of(), place -> List.of(settings));
    }

    /** Starts nodes that learn of the balancer who their clients are. */
    public static Fleet startWithProxyProtocol(Path folder, int size, String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("greeting.proxyProtocol.from=127.0.0.0/8");
        all.add("http.proxyProtocol.from=127.0.0.0/8");
        return start(Balancer.startWithProxyProtocol(folder, size + 1), folder, size, Map.of(), place -> all);
    }

    /** Starts nodes that are one cluster. */
    public static Fleet startCluster(Path folder, int size, String... settings) throws IOException {
        return startCluster(folder, size, Map.of(), settings);
    }

    /** Does the same in an environment that has these variables too. */
    public static Fleet startCluster(Path folder, int size, Map<String, String> environment, String... settings)
            throws IOException {
        List<Integer> ports = Stream.generate(Machine::freePort).limit(size + 1).toList();
        String members = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        return start(
                Balancer.start(folder, size + 1),
                folder,
                size,
                environment,
                place -> Stream.concat(
                                Stream.of(settings),
                                Stream.of(
                                        "cluster.enabled=true",
                                        "cluster.host=127.0.0.1",
                                        "cluster.port=" + ports.get(place),
                                        "cluster.eventBusPort=0",
                                        "cluster.members=" + members))
                        .toList());
    }

    private static Fleet start(
            Balancer balancer,
            Path folder,
            int size,
            Map<String, String> environment,
            IntFunction<List<String>> settings)
            throws IOException {
        Fleet fleet = new Fleet(folder, balancer, environment, settings);
        try {
            for (int place = 0; place < size; place++) {
                fleet.nodes.add(new Node(place, fleet.start(place)));
            }
            for (Node node : fleet.nodes) {
                fleet.join(node);
            }
            fleet.free = size;
            return fleet;
        } catch (IOException | RuntimeException | Error failed) {
            fleet.close();
            throw failed;
        }
    }

    public Balancer balancer() {
        return balancer;
    }

    public GreeterProcess node(int number) {
        return nodes.get(number).process();
    }

    /** Restarts each node in turn, the next when the one before is behind the balancer again. */
    public void roll() throws IOException, InterruptedException {
        for (int number = 0; number < nodes.size(); number++) {
            stop(number);
            Node next =
                    new Node(nodes.get(number).place(), start(nodes.get(number).place()));
            nodes.set(number, next);
            join(next);
        }
    }

    /**
     * Replaces each node in turn by one that is behind the balancer before, as a Deployment does with a surge of one. A node's
     * {@code shutdown.delay} ends as soon as the balancer sends it nothing new, so it has to be longer than that takes.
     */
    public void rollWithSurge() throws IOException, InterruptedException {
        for (int number = 0; number < nodes.size(); number++) {
            replace(number);
        }
    }

    /** Replaces one node in this way. */
    public void replace(int number) throws IOException, InterruptedException {
        Node old = nodes.get(number);
        Node next = new Node(free, start(free));
        join(next);
        nodes.set(number, next);
        free = old.place();
        old.process().signal("TERM");
        balancer.awaitOut(old.place());
        old.process().signal("TERM");
        awaitEnd(old.process());
    }

    /** Asks all nodes to stop at once, without a delay, and waits for their ends. */
    public void stopAll() throws IOException, InterruptedException {
        for (Node node : nodes) {
            node.process().signal("TERM");
        }
        for (Node node : nodes) {
            // two signals at once are one to the kernel
            await().atMost(PATIENCE).until(() -> node.process().said("stopping"));
            node.process().signal("TERM");
            awaitEnd(node.process());
        }
    }

    /** Asks the node to stop, as Kubernetes does, and waits for its end. */
    public void stop(int number) throws IOException, InterruptedException {
        node(number).signal("TERM");
        awaitEnd(node(number));
    }

    private void awaitEnd(GreeterProcess node) throws IOException, InterruptedException {
        exitCodes.add(node.exitCode());
        running.remove(node);
        stopped.add(node.line("stopped"));
        warnings.addAll(node.lines().stream()
                .filter(line -> WARNINGS.contains(line.getString("level")))
                .filter(line -> !HARMLESS.matcher(line.getString("message")).matches())
                .toList());
    }

    /** The exit codes of all nodes that were stopped, in their order. */
    public List<Integer> exitCodes() {
        return exitCodes;
    }

    /** What nodes that were stopped had logged as a warning or an error, but not what is harmless. */
    public List<JsonObject> warnings() {
        return warnings;
    }

    /** Each has its own name, as each pod of a Deployment has. */
    private GreeterProcess start(int place) throws IOException {
        started++;
        List<String> all = new ArrayList<>(settings.apply(place));
        all.add("node.name=greeter-" + started);
        GreeterProcess process = GreeterProcess.start(folder, JVM_OPTIONS, environment, all.toArray(String[]::new));
        running.add(process);
        return process;
    }

    private void join(Node node) throws IOException {
        node.process().awaitReady();
        balancer.put(node.place(), node.process());
    }

    /** The sum of a figure, such as {@code http.answered}, over the last lines of all nodes that were stopped. */
    public long counted(String figure) {
        return stopped.stream().mapToLong(line -> line.getLong(figure)).sum();
    }

    @Override
    public void close() {
        running.forEach(GreeterProcess::close);
        balancer.close();
    }
}
