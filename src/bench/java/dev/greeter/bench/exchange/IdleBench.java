package dev.greeter.bench.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the heap that an idle connection holds, of Greeter's jar and of bare Vert.x: each connection makes one exchange and stays
 * open. After {@code mvn package}, from the top of the repository:
 *
 * <pre>java -cp target/greeter.jar:target/bench dev.greeter.bench.exchange.IdleBench</pre>
 *
 * <p>The options are those of {@link ExchangeBench}, of which {@code --java}, {@code --jar} and {@code --instances} matter. The
 * live objects are counted by the JDK's {@code jcmd}. Exit codes: 0 measured; 1 a server did not start, or gave a wrong answer;
 * 2 wrong usage.
 */
public final class IdleBench {
    /** Below the default limits of a heap of 256 MB. */
    private static final int CONNECTIONS = 4_000;

    /** What a server makes for its first connections only is there before the first count. */
    private static final int FIRST = 200;

    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)$");

    private IdleBench() {}

    public static void main(String[] args) throws Exception {
        Options options = Options.parseOrExit(args);
        Path folder = Files.createTempDirectory("greeter-bench");
        int exitCode = 0;
        try {
            Servers servers = new Servers(options, folder, Cores.find(true));
            for (Server server : List.of(Server.GREETER, Server.VERTX)) {
                try (ServerProcess started = servers.start(server)) {
                    if (server == Server.GREETER) {
                        servers.publish(started.page(), started.bodyAt());
                    }
                    for (Form form : List.of(Form.SESSION, Form.PAGE)) {
                        System.out.printf(
                                "%-14s %-18s %,6d octets of heap%n",
                                server.label, form.label, perConnection(started, form));
                    }
                }
            }
        } catch (BenchException failed) {
            System.err.println(failed.getMessage());
            exitCode = 1;
        } finally {
            ExchangeBench.cleanUp(folder);
        }
        System.exit(exitCode);
    }

    private static long perConnection(ServerProcess server, Form form) throws IOException, InterruptedException {
        close(open(server, form, FIRST));
        long before = heap(server);
        List<Socket> connections = open(server, form, CONNECTIONS);
        long after = heap(server);
        close(connections);
        return (after - before) / CONNECTIONS;
    }

    private static List<Socket> open(ServerProcess server, Form form, int count) throws IOException {
        Script script = Script.of(form, server.page());
        List<Socket> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port(form));
            connections.add(socket);
            socket.getOutputStream().write(script.opening);
            socket.getOutputStream().write(script.request);
            int expected = script.opening.length + script.answer.length;
            if (socket.getInputStream().readNBytes(expected).length < expected) {
                throw new BenchException(server.server.label + " closed connection " + i);
            }
        }
        return connections;
    }

    private static void close(List<Socket> connections) throws IOException {
        for (Socket connection : connections) {
            connection.close();
        }
    }

    /** Returns the octets of all live objects, after a full collection. */
    private static long heap(ServerProcess server) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Program.java().resolveSibling("jcmd").toString(),
                        Long.toString(server.handle().pid()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String histogram = new String(jcmd.getInputStream().readAllBytes(), US_ASCII);
        Matcher total = TOTAL.matcher(histogram);
        if (jcmd.waitFor() != 0 || !total.find()) {
            throw new BenchException("jcmd: " + histogram.lines().findFirst().orElse("no output"));
        }
        return Long.parseLong(total.group(1));
    }
}
