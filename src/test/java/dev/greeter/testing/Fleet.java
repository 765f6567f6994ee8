package dev.greeter.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Nodes behind a balancer, as a Deployment's pods behind a Service, and what all of them counted in their lives. */
public final class Fleet implements AutoCloseable {
    /** Below the ports that the kernel gives to clients, and those of the balancer. */
    private static final int FIRST_CLUSTER_PORT = 11_000;

    private static final int CLUSTER_PORTS = 8_000;

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

    /** Nodes that are one cluster. */
    public static Fleet startCluster(Path folder, int size, String... settings) throws IOException {
        int firstPort = FIRST_CLUSTER_PORT + ThreadLocalRandom.current().nextInt(CLUSTER_PORTS);
        String members = IntStream.range(0, size)
                .mapToObj(number -> "127.0.0.1:" + (firstPort + number))
                .collect(Collectors.joining(","));
        return start(
                folder,
                size,
                number -> Stream.concat(
                                Stream.of(settings),
                                Stream.of(
                                        "cluster.enabled=true",
                                        "cluster.host=127.0.0.1",
                                        "cluster.port=" + (firstPort + number),
                                        "cluster.eventBusPort=0",
                                        "cluster.members=" + members))
                        .toList());
    }

    private static Fleet start(Path folder, int size, IntFunction<List<String>> settings) throws IOException {
        Fleet fleet = new Fleet(folder, Balancer.start(folder, size), settings);
        try {
            for (int number = 0; number < size; number++) {
                fleet.nodes.add(fleet.serve(number));
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
            nodes.set(number, serve(number));
            join(number);
        }
    }

    public void stopAll() throws IOException, InterruptedException {
        for (int number = 0; number < nodes.size(); number++) {
            stop(number);
        }
    }

    /** Asks the node to stop, as Kubernetes does, and waits for its end. */
    public void stop(int number) throws IOException, InterruptedException {
        GreeterProcess node = nodes.get(number);
        node.signal("TERM");
        exitCodes.add(node.exitCode());
        stopped.add(node.line("stopped"));
    }

    /** Of all nodes that were stopped, in their order. */
    public List<Integer> exitCodes() {
        return exitCodes;
    }

    /** Each has a name of its own, as each pod of a Deployment has. */
    private GreeterProcess serve(int number) throws IOException {
        started++;
        List<String> all = new ArrayList<>(settings.apply(number));
        all.add("node.name=greeter-" + started);
        return GreeterProcess.serve(folder, all.toArray(String[]::new));
    }

    private void join(int number) throws IOException {
        balancer.put(number, nodes.get(number));
    }

    /** The sum of a figure over the last words of all nodes that were stopped, such as {@code http.answered}. */
    public long counted(String figure) {
        return stopped.stream().mapToLong(line -> line.getLong(figure)).sum();
    }

    @Override
    public void close() {
        nodes.forEach(GreeterProcess::close);
        balancer.close();
    }
}
