package dev.greeter.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * HAProxy on layer 4 in front of nodes: it asks each for its readiness, sends new connections only where the answer is
 * 200, leaves open connections alone, and retries nothing. Closing kills it.
 */
public final class Balancer implements AutoCloseable {
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(200);
    private static final int FALL = 3;

    /** After this, no new connection comes to a node that is not ready: a node's delay must be longer. */
    public static final Duration TAKES_OUT_WITHIN = CHECK_INTERVAL.multipliedBy(FALL);

    private static final String CHECKED =
            "check port 1 inter %d fall %d rise 1".formatted(CHECK_INTERVAL.toMillis(), FALL);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;
    private final Path control;
    private final int greetingPort;
    private final int httpPort;

    private Balancer(Process process, Path log, Path control, int greetingPort, int httpPort) {
        this.process = process;
        this.log = log;
        this.control = control;
        this.greetingPort = greetingPort;
        this.httpPort = httpPort;
    }

    /** Starts a balancer with places for so many nodes, and none of them yet. */
    public static Balancer start(Path folder, int nodes) throws IOException {
        return start(folder, nodes, CHECKED);
    }

    /** Starts one that begins each connection to a node with a header of the PROXY protocol, version 2. */
    public static Balancer startWithProxyProtocol(Path folder, int nodes) throws IOException {
        return start(folder, nodes, CHECKED + " send-proxy-v2");
    }

    /**
     * Starts a balancer into a network namespace, with no node yet: clients in this machine's own network reach one node
     * as if they were beside it. Because there is no other node, it does not ask for readiness.
     */
    public static Balancer into(String namespace, Path folder) throws IOException {
        return start(folder, 1, "namespace " + namespace);
    }

    private static Balancer start(Path folder, int nodes, String serverOptions) throws IOException {
        String haproxy = Machine.program("haproxy");
        while (true) {
            int greetingPort = Machine.freePort();
            int httpPort = Machine.freePort();
            Path control = Files.createTempFile(folder, "balancer", ".sock");
            Path configuration = Files.writeString(
                    Files.createTempFile(folder, "balancer", ".cfg"),
                    configuration(control, greetingPort, httpPort, nodes, serverOptions));
            Path log = Files.createTempFile(folder, "balancer", ".log");
            Process process = new ProcessBuilder(haproxy, "-db", "-f", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Balancer balancer = new Balancer(process, log, control, greetingPort, httpPort);
            await().atMost(PATIENCE).until(() -> balancer.answers() || !process.isAlive());
            if (process.isAlive()) {
                return balancer;
            }
            assertThat(balancer.output()).as("why it did not start").contains("cannot bind");
        }
    }

    private static String configuration(Path control, int greetingPort, int httpPort, int nodes, String serverOptions) {
        StringBuilder text = new StringBuilder("""
                global
                    maxconn 2000
                    nbthread 1
                    stats socket %s mode 600 level admin
                defaults
                    mode tcp
                    balance roundrobin
                    retries 0
                    timeout connect 5s
                    timeout client 60s
                    timeout server 60s
                    timeout check 5s
                    option httpchk GET /readyz
                    http-check expect status 200
                """.formatted(control));
        Map.of("greeting", greetingPort, "http", httpPort).forEach((name, port) -> {
            text.append("listen %s%n    bind 127.0.0.1:%d%n".formatted(name, port));
            for (int node = 0; node < nodes; node++) {
                text.append("    server node%d 127.0.0.1:1 disabled %s%n".formatted(node, serverOptions));
            }
        });
        return text.toString();
    }

    public int greetingPort() {
        return greetingPort;
    }

    public int httpPort() {
        return httpPort;
    }

    /** Makes this node one of those behind it, in the place of the one with the same number, and waits until it is. */
    public void put(int number, GreeterProcess node) throws IOException {
        for (String server : List.of("greeting/node" + number, "http/node" + number)) {
            int port = server.startsWith("greeting") ? node.greetingPort() : node.httpPort();
            tell("set server " + server + " addr 127.0.0.1 port " + port);
            tell("set server " + server + " check-port " + node.managementPort());
            tell("set server " + server + " state ready");
        }
        awaitStatus(number, "UP", "no check");
    }

    /** Waits until no new connection goes to this node any more. */
    public void awaitOut(int number) {
        awaitStatus(number, "DOWN");
    }

    /** Stops asking the node for its readiness. */
    public void askNoMore(int number) throws IOException {
        for (String server : List.of("greeting/node" + number, "http/node" + number)) {
            tell("disable health " + server);
        }
    }

    private void awaitStatus(int number, String... statuses) {
        await().atMost(PATIENCE)
                .until(() -> servers(number).stream()
                        .allMatch(server -> List.of(statuses).contains(server.get("status"))));
    }

    /** The number of connections that it could not hand to any node. */
    public long notHandedOver() throws IOException {
        return statistics().stream()
                .filter(line -> "BACKEND".equals(line.get("svname")))
                .mapToLong(line -> Long.parseLong(line.get("econ")))
                .sum();
    }

    private List<Map<String, String>> servers(int number) throws IOException {
        return statistics().stream()
                .filter(line -> ("node" + number).equals(line.get("svname")))
                .toList();
    }

    /** A line for each frontend, server and backend: its figures by their names. */
    private List<Map<String, String>> statistics() throws IOException {
        List<String> lines =
                tell("show stat").lines().filter(line -> !line.isBlank()).toList();
        List<String> names = List.of(lines.get(0).replaceFirst("^# ", "").split(",", -1));
        List<Map<String, String>> statistics = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> values = List.of(line.split(",", -1));
            Map<String, String> figures = new HashMap<>();
            for (int i = 0; i < names.size(); i++) {
                figures.put(names.get(i), values.get(i));
            }
            statistics.add(figures);
        }
        return statistics;
    }

    private String tell(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(control))) {
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(US_ASCII)));
            return new String(Channels.newInputStream(channel).readAllBytes(), US_ASCII);
        }
    }

    /** Whether it runs. A connection to its ports would not do: it would be one that it could not hand over. */
    private boolean answers() {
        try {
            return !statistics().isEmpty();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Its log. */
    public String output() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
