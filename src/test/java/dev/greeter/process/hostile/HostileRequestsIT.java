package dev.greeter.process.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers of both HTTP ports that send what no client should, beside honest ones. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class HostileRequestsIT extends HttpAttack {
    /** With {@code -Dgreeter.attacks=100000} for long. */
    private static final int ATTACKS = Integer.getInteger("greeter.attacks", 1_000);

    private static final int FLOODING = 200;
    private static final int FLOOD = 10;
    private static final int READINESS_CHECKS = 3;
    private static final long BEYOND_ALL_LIMITS_OCTETS = 1 << 20;

    /** The table of valid and invalid requests, whose octets are the examples to start from. */
    private static final Path EXAMPLES = Path.of("src/test/resources/dev/greeter/http/requests.txt");

    /** Whose instances share a ledger. */
    @BeforeAll
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    static void start() throws Exception {
        serve("http.instances=8");
    }

    private static List<Integer> ports() throws IOException {
        return List.of(service.httpPort, service.managementPort);
    }

    @Test
    void answersGarbageAndMutatedRequestsByTheProtocol() throws Exception {
        Mutation mutation = new Mutation(SEED, examples());
        List<Integer> ports = ports();
        attackers.run(ATTACKS, 4, number -> {
            byte[] octets;
            synchronized (mutation) {
                octets = mutation.next();
            }
            try (Wire wire = new Wire(ports.get(number % 2))) {
                String answers = wire.send(octets).halfClose().rest();
                assertThat(answers)
                        .as(() -> "answer to " + number + ": " + new String(octets, ISO_8859_1))
                        .matches("(?s)|HTTP/1\\.[01] (100|101|200|204|304|40[0-9]|41[3-7]|426|431|501|503|505) .*")
                        .matches("(?s)|HTTP/1\\.[01] 10[01] .*|.*\r\nx-content-type-options: nosniff\r\n.*")
                        .doesNotContainIgnoringCase("\r\nserver:");
            }
        });
    }

    private static List<byte[]> examples() throws IOException {
        Stream<String> requests = Files.readAllLines(EXAMPLES).stream()
                .map(line -> line.split(" \\| "))
                .filter(row -> row.length == 5)
                .map(row -> row[2].translateEscapes());
        String host = " HTTP/1.1\r\nHost: greeter\r\n";
        Stream<String> more = Stream.of(
                "GET /stats?scope=node" + host + "\r\n",
                "GET /exchanges?limit=3" + host + "\r\n",
                "GET /metrics" + host + "Accept: application/openmetrics-text\r\n\r\n",
                "GET /dashboard" + host + "Accept-Encoding: gzip\r\nIf-None-Match: \"x\"\r\n\r\n",
                "POST /faults" + host + "Authorization: Bearer x\r\nContent-Length: 2\r\n\r\n{}",
                "GET /eventbus/websocket" + host + "Connection: Upgrade\r\n"
                        + "Upgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                        + "\u0081\u0080\0\0\0\0");
        return Stream.concat(requests, more)
                .map(request -> request.getBytes(ISO_8859_1))
                .toList();
    }

    @Test
    void endsRequestsWithoutEnd() throws Exception {
        List<String> starts = List.of(
                "",
                "GET /",
                "GET /?",
                "GET http://",
                "GET / HTTP/1.1\r\n",
                "GET / HTTP/1.1\r\nhost: ",
                "GET / HTTP/1.1\r\nhost: a\r\ncookie: ",
                "POST /faults HTTP/1.1\r\nhost: a\r\ncontent-length: 9000000000\r\n\r\n",
                "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n",
                "POST /faults HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nfffffff\r\n",
                "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5;",
                "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\nx: ");
        List<String> parts = List.of("x", "x: y\r\n", "1\r\nx\r\n");
        List<Integer> ports = ports();
        attackers.run(starts.size() * parts.size() * 2, 16, number -> {
            String start = starts.get(number / 2 % starts.size());
            String part = parts.get(number / 2 / starts.size());
            try (Wire wire = new Wire(ports.get(number % 2))) {
                wire.send(start).sendWithoutEnd(part, BEYOND_ALL_LIMITS_OCTETS);
                assertThat(wire.until("\r\n"))
                        .as(start + " and " + part)
                        .matches("HTTP/1\\.[01] (200|204|4\\d\\d|50[15]) .*\r\n");
            }
        });
    }

    @Test
    void endsPeersThatSendAnOctetASecond() throws Exception {
        List<String> slow = List.of(
                "GET / HTTP/1.1\r\nhost: greeter",
                "GET /stats HTTP/1.1\r\nhost: greeter",
                "POST /faults HTTP/1.1\r\nhost: greeter\r\ncontent-length: 50\r\n\r\n");
        List<Integer> ports = ports();
        attackers.run(24, 24, number -> {
            String start = slow.get(number / 2 % slow.size());
            boolean headFirst = start.endsWith("\r\n\r\n");
            try (Wire wire = new Wire(ports.get(number % 2))) {
                String answer = wire.send(headFirst ? start : "").trickle((headFirst ? "" : start) + "x".repeat(60));
                assertThat(answer).as(start).matches("(?s)HTTP/1\\.[01] 408 .*");
            }
        });
    }

    @Test
    void survivesResetsAtEachOctet() throws Exception {
        String request = """
                POST / HTTP/1.1
                host: greeter
                transfer-encoding: chunked

                5
                Hello
                0

                GET /metrics HTTP/1.1
                host: greeter

                """.replace("\n", "\r\n");
        List<Integer> ports = ports();
        attackers.run(request.length(), 4, number -> {
            Wire wire = new Wire(ports.get(number % 2));
            wire.send(request.substring(0, number / 2 % request.length() + 1)).reset();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../../../etc/passwd",
                "/dashboard/../../../../../../etc/passwd",
                "/dashboard/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
                "/dashboard/..%2f..%2f..%2fetc%2fpasswd",
                "/dashboard/%252e%252e%252fetc%252fpasswd",
                "/dashboard/..%5c..%5cetc%5cpasswd",
                "/dashboard/....//....//etc/passwd",
                "/dashboard/..;/..;/etc/passwd",
                "/dashboard/.%00./dashboard.js",
                "/dashboard/dashboard.js%00.css",
                "/dashboard//dashboard.js",
                "/dashboard/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd",
                "/dashboard/%ff",
                "//etc/passwd",
                "/./dashboard",
                "/dashboard/./dashboard.js",
                "/META-INF/MANIFEST.MF",
                "/dev/greeter/Main.class",
                "/logback.xml",
                "/eventbus/../stats/websocket",
                "/eventbus/%2e%2e/x/websocket",
                "/stats/%2e%2e/metrics",
                "/livez/../metrics",
                "file:///etc/passwd",
                "http://169.254.169.254/latest/meta-data",
            })
    void servesNoPathButItsOwn(String path) throws Exception {
        for (int port : ports()) {
            try (Wire wire = new Wire(port)) {
                String answer = wire.send("GET " + path + " HTTP/1.1\r\nhost: greeter\r\nconnection: close\r\n\r\n")
                        .rest();
                assertThat(answer).matches("(?s)HTTP/1\\.1 40[04] .*").doesNotContain("root:", "Manifest");
            }
        }
    }

    @Test
    void answersOthersUnderFloodsOfQueries() throws Exception {
        List<String> targets = List.of("/stats", "/exchanges?limit=1000", "/metrics", "/livez");
        List<Integer> ports = ports();
        attackers.run(8, 8, number -> {
            String target = targets.get(number % targets.size());
            String request = "GET " + target + " HTTP/1.1\r\nhost: greeter\r\n\r\n";
            try (Wire wire = new Wire(ports.get(number % targets.size() / 2))) {
                String answers = wire.send(request.repeat(FLOOD))
                        .send(request.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n"))
                        .rest();
                // a ledger that is asked too much is away for a moment
                assertThat(answers.split("HTTP/1.1 (200 OK|503 Service Unavailable)\r\n", -1))
                        .as(target)
                        .hasSize(FLOOD + 2);
            }
        });
    }

    /** More at a time than the ledger could answer one by one. */
    @Test
    void answersQueriesBesideAFloodOfThem() throws Exception {
        CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> {
            try {
                attackers.run(FLOODING, FLOODING, number -> {
                    // more different ones than are under way at a time
                    String query = "GET /exchanges?limit=" + (1_000 - number % 10) + " HTTP/1.1\r\nhost: greeter\r\n";
                    try (Wire wire = new Wire(service.httpPort)) {
                        wire.send((query + "\r\n").repeat(FLOOD) + query + "connection: close\r\n\r\n")
                                .drain();
                    }
                });
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        do {
            assertThat(answer(service.httpPort, "/stats")).startsWith("HTTP/1.1 200 ");
            assertThat(answer(service.httpPort, "/exchanges")).startsWith("HTTP/1.1 200 ");
            assertThat(readiness()).anyMatch(answer -> answer.startsWith("HTTP/1.1 200 "));
        } while (!flood.isDone());
        flood.join();
    }

    /** Some in a row, because Kubernetes takes a pod out only when it is down for longer. */
    private static List<String> readiness() throws IOException {
        List<String> answers = new ArrayList<>();
        while (answers.size() < READINESS_CHECKS) {
            answers.add(answer(service.managementPort, "/readyz"));
        }
        return answers;
    }

    private static String answer(int port, String path) throws IOException {
        try (Wire wire = new Wire(port)) {
            return wire.send("GET " + path + " HTTP/1.1\r\nhost: greeter\r\nconnection: close\r\n\r\n")
                    .rest();
        }
    }

    @Test
    void endsReadersThatNeverRead() throws Exception {
        List<String> targets = List.of("/exchanges?limit=1000", "/dashboard/uplot.js", "/openapi.yaml");
        attackers.run(6, 6, number -> {
            String target = targets.get(number % targets.size());
            try (Wire wire = new Wire(service.httpPort, 2_048)) {
                String request = "GET " + target + " HTTP/1.1\r\nhost: greeter\r\n\r\n";
                assertThat(wire.sendWithoutEnd(request, ENDLESS_OCTETS))
                        .as(target)
                        .isLessThan(ENDLESS_OCTETS);
            }
        });
    }

    @Test
    void refusesJsonThatIsABomb() throws Exception {
        List<String> bombs = JsonBombs.upTo(60_000);
        attackers.run(bombs.size(), 4, number -> {
            String bomb = bombs.get(number);
            try (Wire wire = new Wire(service.managementPort)) {
                String answer = wire.send(
                                "POST /faults HTTP/1.1\r\nhost: greeter\r\nconnection: close\r\nauthorization: Bearer "
                                        + UnderAttack.TOKEN + "\r\ncontent-length: " + bomb.length() + "\r\n\r\n"
                                        + bomb)
                        .rest();
                assertThat(answer)
                        .as(() -> start(bomb))
                        .startsWith("HTTP/1.1 400 ")
                        .hasSizeLessThan(2_000);
            }
        });
    }

    static String start(String text) {
        return text.chars().limit(80).mapToObj(c -> String.valueOf((char) c)).collect(Collectors.joining());
    }
}
