package dev.greeter.process;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Nodes behind a balancer, as a Deployment's pods behind a Service, and what all of them counted in their lives. */
final class Fleet implements AutoCloseable {
    private final Path folder;
    private final String[] settings;
    private final Balancer balancer;
    private final List<GreeterProcess> nodes = new ArrayList<>();
    private final List<Integer> exitCodes = new ArrayList<>();
    private final List<JsonObject> stopped = new ArrayList<>();

    private Fleet(Path folder, Balancer balancer, String... settings) {
        this.folder = folder;
        this.balancer = balancer;
        this.settings = settings;
    }

    static Fleet start(Path folder, int size, String... settings) throws IOException {
        Fleet fleet = new Fleet(folder, Balancer.start(folder, size, ""), settings);
        try {
            for (int number = 0; number < size; number++) {
                fleet.nodes.add(GreeterProcess.serve(folder, settings));
                fleet.join(number);
            }
            return fleet;
        } catch (IOException | RuntimeException | Error failed) {
            fleet.close();
            throw failed;
        }
    }

    Balancer balancer() {
        return balancer;
    }

    GreeterProcess node(int number) {
        return nodes.get(number);
    }

    /** Restarts each node in turn, the next when the one before is behind the balancer again. */
    void roll() throws IOException, InterruptedException {
        for (int number = 0; number < nodes.size(); number++) {
            stop(number);
            nodes.set(number, GreeterProcess.serve(folder, settings));
            join(number);
        }
    }

    void stopAll() throws IOException, InterruptedException {
        for (int number = 0; number < nodes.size(); number++) {
            stop(number);
        }
    }

    /** Asks the node to stop, as Kubernetes does, and waits for its end. */
    void stop(int number) throws IOException, InterruptedException {
        GreeterProcess node = nodes.get(number);
        node.signal("TERM");
        exitCodes.add(node.exitCode());
        stopped.add(node.line("stopped"));
    }

    /** Of all nodes that were stopped, in their order. */
    List<Integer> exitCodes() {
        return exitCodes;
    }

    private void join(int number) throws IOException {
        balancer.put(number, "127.0.0.1", nodes.get(number));
    }

    /** The sum of a figure over the last words of all nodes that were stopped, such as {@code http.answered}. */
    long counted(String figure) {
        return stopped.stream().mapToLong(line -> line.getLong(figure)).sum();
    }

    @Override
    public void close() {
        nodes.forEach(GreeterProcess::close);
        balancer.close();
    }
}
