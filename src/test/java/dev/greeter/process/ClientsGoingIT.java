package dev.greeter.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Scraped;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever octets clients send to any port, and whenever and however they go: nothing of it is left in the service or its log. */
class ClientsGoingIT {
    private static final int PLACES = 40;
    private static final int RANDOM_CONNECTIONS = 200;
    private static final int READ_TIMEOUT_MILLIS = 10;

    /** How a client goes. */
    private enum End {
        CLOSE,
        RESET,
        HALF_CLOSE
    }

    private static final List<String> HTTP = List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "HEAD / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(8),
            "GET /stats HTTP/1.1\r\nHost: x\r\n\r\n".repeat(4),
            "GET /dashboard HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20),
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nHello",
            "POST /nothing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n0\r\nA: b\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno chunk",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(80_000),
            "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /" + "x".repeat(9_000),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003");

    private static final List<String> MANAGEMENT = List.of(
            "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(8),
            "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nHello",
            "POST /faults HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
            "GET /livez HTTP/1.1\r\nHost: x\r\nbad name: x\r\n\r\n");

    private static final List<String> GREETING = List.of(
            "Hello",
            "Hello" + "x".repeat(20_000),
            "GREETING/2\nHello\nHello token\nWho\n",
            "GREETING/2\n" + "Hello\n".repeat(100),
            "GREETING/2\n" + "x".repeat(300),
            "GREETING/3\n",
            "Howdy\n",
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n");

    @TempDir
    Path folder;

    private final Random random = new Random(11);
    private GreeterProcess greeter;
    private int connections;

    @BeforeEach
    void start() throws IOException {
        greeter = GreeterProcess.serve(
                folder,
                "log.level=debug",
                "exchangeLog.maxPerSecond=1000000",
                "greeting.maxConnections=" + PLACES,
                "http.maxConnections=" + PLACES);
    }

    @AfterEach
    void stop() {
        greeter.close();
    }

    @Test
    void leavesNothing() throws Exception {
        Map<Integer, List<String>> requests = Map.of(
                greeter.httpPort(), HTTP, greeter.managementPort(), MANAGEMENT, greeter.greetingPort(), GREETING);
        for (Map.Entry<Integer, List<String>> port : requests.entrySet()) {
            for (String octets : port.getValue()) {
                cutAtEachOctet(port.getKey(), octets);
            }
            for (int i = 0; i < RANDOM_CONNECTIONS; i++) {
                byte[] octets = new byte[1 + random.nextInt(600)];
                random.nextBytes(octets);
                come(port.getKey(), octets, End.values()[i % End.values().length]);
            }
        }

        await().untilAsserted(this::holdsNothing);
        assertThat(pages()).as("of all places").isEqualTo(PLACES);
        assertThat(greetings()).as("in all places").isEqualTo(PLACES);
        await().untilAsserted(() -> assertThat(logged("exchange")).isEqualTo(counted()));
        List<JsonObject> lines = greeter.lines();
        assertThat(greeter.output().lines()).as("all of it is ours").hasSameSizeAs(lines);
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.getString("level")).isIn("INFO", "DEBUG");
            assertThat(line.getString("stack_trace")).isNull();
        });
        assertThat(lines.stream().filter(line -> line.getString("level").equals("DEBUG")))
                .as("no more than one of a connection")
                .hasSizeLessThanOrEqualTo(connections);
    }

    /** Long requests at some of their octets. */
    private void cutAtEachOctet(int port, String octets) throws IOException {
        byte[] all = octets.getBytes(ISO_8859_1);
        int step = Math.max(1, all.length / 25);
        for (int cut = 0; cut < all.length; cut += step) {
            come(port, Arrays.copyOf(all, cut), End.values()[cut / step % End.values().length]);
        }
        for (End end : End.values()) {
            come(port, all, end);
        }
    }

    private void come(int port, byte[] octets, End end) throws IOException {
        connections++;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            socket.getOutputStream().write(octets);
            if (random.nextBoolean()) {
                // in the middle of the answer, if there is one
                socket.getInputStream().read();
            }
            switch (end) {
                case CLOSE -> {}
                case RESET -> socket.setSoLinger(true, 0);
                case HALF_CLOSE -> {
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                }
            }
        } catch (SocketException | SocketTimeoutException quietOrClosed) {
            // both are right, at one moment or another
        }
    }

    private void holdsNothing() throws Exception {
        Scraped scraped =
                Scraped.of(greeter.get(greeter.managementPort(), "/metrics").body());
        assertThat(scraped.sum("greeter_connections")).isZero();
        assertThat(scraped.sum("vertx_net_server_active_connections")).isZero();
        assertThat(scraped.sum("vertx_http_server_active_connections"))
                .as("the scrape")
                .isEqualTo(1);
        assertThat(scraped.sum("greeter_http_active_requests")).as("the scrape").isEqualTo(1);
    }

    private int pages() throws IOException {
        return served(greeter.httpPort(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 ");
    }

    private int greetings() throws IOException {
        return served(greeter.greetingPort(), "GREETING/2\nHello\n", "GREETING/2\nWorld\n");
    }

    /** How many of as many clients at a time as there are places are answered. */
    private static int served(int port, String request, String answer) throws IOException {
        List<Socket> clients = new ArrayList<>();
        try {
            int served = 0;
            for (int i = 0; i < PLACES; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
                clients.add(client);
                client.getOutputStream().write(request.getBytes(ISO_8859_1));
                byte[] read = client.getInputStream().readNBytes(answer.length());
                served += new String(read, ISO_8859_1).equals(answer) ? 1 : 0;
            }
            return served;
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private long logged(String message) throws IOException {
        return greeter.lines().stream()
                .filter(line -> message.equals(line.getString("message")))
                .count();
    }

    private long counted() throws IOException, InterruptedException {
        return greeter.stats().getJsonObject("totals").stream()
                .flatMap(protocol -> ((JsonObject) protocol.getValue()).stream())
                .mapToLong(outcome -> ((Number) outcome.getValue()).longValue())
                .sum();
    }
}
