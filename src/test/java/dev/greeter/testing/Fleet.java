package dev.greeter.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Nodes behind a balancer, like a Deployment's pods behind a Service, and the counts of all of them at their ends. */
public final class Fleet implements AutoCloseable {
    private final Path folder;
    private final IntFunction<List<String>> settings;
    private final Balancer balancer;
    private final List<GreeterProcess> nodes = new ArrayList<>();
    private final List<Integer> exitCodes = new ArrayList<>();
    private final List<JsonObject> stopped = new ArrayList<>();
    private int started;

    private Fleet(Path folder, Balancer balancer, IntFunction<List<String>> settings) {
        this.folder = folder;
        this.balancer = balancer;
        this.settings = settings;
    }

    public static Fleet start(Path folder, int size, String... settings) throws IOException {
        return start(folder, size, number -> List.of(settings));
    }

    /** Starts nodes that are one cluster. */
    public static Fleet startCluster(Path folder, int size, String... settings) throws IOException {
        List<Integer> ports = Stream.generate(Machine::freePort).limit(size).toList();
        String members = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        return start(
                folder,
                size,
                number -> Stream.concat(
                                Stream.of(settings),
                                Stream.of(
                                        "cluster.enabled=true",
                                        "cluster.host=127.0.0.1",
                                        "cluster.port=" + ports.get(number),
                                        "cluster.eventBusPort=0",
                                        "cluster.members=" + members))
                        .toList());
    }

    private static Fleet start(Path folder, int size, IntFunction<List<String>> settings) throws IOException {
        Fleet fleet = new Fleet(folder, Balancer.start(folder, size), settings);
        try {
            for (int number = 0; number < size; number++) {
                fleet.nodes.add(fleet.start(number));
            }
            for (int number = 0; number < size; number++) {
                fleet.join(number);
            }
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
        return nodes.get(number);
    }

    /** Restarts each node in turn, the next when the one before is behind the balancer again. */
    public void roll() throws IOException, InterruptedException {
        for (int number = 0; number < nodes.size(); number++) {
            stop(number);
            nodes.set(number, start(number));
            join(number);
        }
    }

    /** Asks all nodes to stop at once, and waits for their ends. */
    public void stopAll() throws IOException, InterruptedException {
        for (GreeterProcess node : nodes) {
            node.signal("TERM");
        }
        for (GreeterProcess node : nodes) {
            awaitEnd(node);
        }
    }

    /** Asks the node to stop, as Kubernetes does, and waits for its end. */
    public void stop(int number) throws IOException, InterruptedException {
        nodes.get(number).signal("TERM");
        awaitEnd(nodes.get(number));
    }

    private void awaitEnd(GreeterProcess node) throws IOException, InterruptedException {
        exitCodes.add(node.exitCode());
        stopped.add(node.line("stopped"));
    }

    /** The exit codes of all nodes that were stopped, in their order. */
    public List<Integer> exitCodes() {
        return exitCodes;
    }

    /** Each has its own name, as each pod of a Deployment has. */
    private GreeterProcess start(int number) throws IOException {
        started++;
        List<String> all = new ArrayList<>(settings.apply(number));
        all.add("node.name=greeter-" + started);
        return GreeterProcess.start(folder, List.of(), all.toArray(String[]::new));
    }

    private void join(int number) throws IOException {
        nodes.get(number).awaitReady();
        balancer.put(number, nodes.get(number));
    }

    /** The sum of a figure, such as {@code http.answered}, over the last lines of all nodes that were stopped. */
    public long counted(String figure) {
        return stopped.stream().mapToLong(line -> line.getLong(figure)).sum();
    }

    @Override
    public void close() {
        nodes.forEach(GreeterProcess::close);
        balancer.close();
    }
}
