package dev.greeter.process.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.Scraped;
import dev.greeter.testing.SelfSignedCertificate;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A process with little memory and honest clients. It is the same after an attack as before: every honest exchange is answered and
 * counted, connections, descriptors and memory are given back, and the log has no stack trace.
 */
final class UnderAttack implements AutoCloseable {
    static final String TOKEN = "open-sesame";

    /** How long a client may take for a greeting or a request; short, because slow attacks last as long. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    /** Beside a tenth: what the garbage collector and Netty's pools keep or not. */
    private static final long MEMORY_TOLERANCE_OCTETS = 3 << 20;

    /**
     * What the 99th percentile of honest clients may be, with {@code -Dgreeter.p99=1000}; without it none, because a machine that does
     * something else too may keep any client waiting.
     */
    private static final int MAX_P99_MILLIS = Integer.getInteger("greeter.p99", Integer.MAX_VALUE);

    private static final Duration RECOVERY = Duration.ofSeconds(60);
    static final int WARM_UP = 1_200;

    final GreeterProcess greeter;
    final HonestClients honest;
    final int greetingPort;
    final int httpPort;
    final int managementPort;
    private final @Nullable SSLContext tls;
    private long memoryBefore;
    private final int descriptorsBefore;

    UnderAttack(Path folder, String... settings) throws Exception {
        this(folder, null, settings);
    }

    /** The greeting and the HTTP port have TLS, and honest clients use it. */
    static UnderAttack overTls(Path folder, String... settings) throws Exception {
        SelfSignedCertificate server = SelfSignedCertificate.create(folder);
        Stream<String> tls = Stream.of("greeting", "http")
                .flatMap(port -> Stream.of(
                        port + ".tls.certificate=" + server.certificate(), port + ".tls.key=" + server.key()));
        return new UnderAttack(
                folder,
                SelfSignedCertificate.strangerContext(),
                Stream.concat(tls, Stream.of(settings)).toArray(String[]::new));
    }

    private UnderAttack(Path folder, @Nullable SSLContext tls, String... settings) throws Exception {
        this.tls = tls;
        String[] all = Stream.concat(
                        Stream.of(
                                "faults.token=" + TOKEN,
                                "greeting.handshakeTimeout=" + PATIENCE.toSeconds() + "s",
                                "http.requestTimeout=" + PATIENCE.toSeconds() + "s"),
                        Stream.of(settings))
                .toArray(String[]::new);
        greeter = GreeterProcess.start(folder, List.of("-Xmx64m", "-XX:+UseSerialGC"), all);
        try {
            greeter.awaitReady();
            greetingPort = greeter.greetingPort();
            httpPort = greeter.httpPort();
            managementPort = greeter.managementPort();
            warmUp();
            descriptorsBefore = descriptors();
            memoryBefore = memory();
            honest = new HonestClients(greetingPort, httpPort, tls);
        } catch (Exception | Error notReady) {
            greeter.close();
            throw notReady;
        }
    }

    /** Fills what is kept of the newest exchanges, and loads the classes of each endpoint. */
    private void warmUp() throws Exception {
        try (Wire wire = new Wire(greetingPort, 0, tls)) {
            String hello = "Hello " + "x".repeat(64) + "\n";
            assertThat(wire.send("GREETING/2\n" + hello.repeat(WARM_UP))
                            .halfClose()
                            .rest())
                    .endsWith("World " + "x".repeat(64) + "\n");
        }
        for (String path : List.of("/", "/stats", "/exchanges?limit=1000", "/dashboard", "/openapi.yaml", "/nowhere")) {
            get(httpPort, path);
        }
        scrape();
    }

    /** Measures anew what memory was used before, because Netty's allocator keeps the chunks that a first attack made it take. */
    void settle() throws IOException, InterruptedException {
        memoryBefore = memory();
    }

    /** Lets honest clients open new connections again, once none but theirs is left. */
    void connectAgain() {
        await().atMost(RECOVERY).until(() -> {
            Scraped scraped = scrape();
            return scraped.sum("greeter_connections", "protocol", "greeting") <= 1
                    && scraped.sum("greeter_connections", "protocol", "http") <= 1;
        });
        honest.connect();
    }

    /** Honest clients' answers are all there, and nothing of the attack is left; to be called once. */
    void assertUnharmed() throws Exception {
        honest.stop();
        System.out.println(honest);
        assertThat(honest.failures).isEmpty();
        assertThat(honest.p99Millis()).as("99th percentile, ms").isLessThan(MAX_P99_MILLIS);
        assertThat(greeter.isAlive()).as("alive").isTrue();
        assertThat(greeter.stackTraces()).isEmpty();
        assertThat(greeter.output()).doesNotContain("\"level\":\"ERROR\"");
        await().atMost(RECOVERY).untilAsserted(() -> {
            Scraped scraped = scrape();
            assertThat(scraped.sum("greeter_connections", "protocol", "greeting"))
                    .isZero();
            assertThat(scraped.sum("greeter_connections", "protocol", "http")).isZero();
            assertThat(scraped.value("greeter_http_active_requests", "server", "http"))
                    .isZero();
        });
        await().atMost(RECOVERY)
                .untilAsserted(
                        () -> assertThat(descriptors()).as("descriptors").isLessThanOrEqualTo(descriptorsBefore + 2));
        await().atMost(RECOVERY)
                .untilAsserted(() -> assertThat(memory())
                        .as("octets of heap and direct memory")
                        .isLessThan(memoryBefore + memoryBefore / 10 + MEMORY_TOLERANCE_OCTETS));
        assertLabels(scrape());
        assertCounts();
    }

    /** No path, method, host, token or name of a client has become a label, or a value of one. */
    private static void assertLabels(Scraped scraped) {
        assertThat(scraped.series()).as("series").isLessThan(500);
        assertThat(scraped.labels("greeter_"))
                .isSubsetOf(
                        "protocol",
                        "form",
                        "outcome",
                        "server",
                        "port",
                        "verticle",
                        "version",
                        "java",
                        "vertx",
                        "node",
                        "host");
        assertThat(scraped.labels("vertx_")).isSubsetOf("local", "code");
        assertThat(scraped.values("code")).allMatch(code -> code.matches("[1-5]\\d\\d"));
        assertThat(scraped.values("local")).allMatch(local -> local.matches("[\\w.]+:-?\\d+"));
        assertThat(scraped.values("protocol")).isSubsetOf("greeting", "http");
        assertThat(scraped.values("form")).isSubsetOf("oneshot", "session", "unknown", "page");
        assertThat(scraped.values("outcome")).isSubsetOf("answered", "refused", "failed");
    }

    private void assertCounts() throws Exception {
        JsonObject totals = totals();
        Scraped scraped = scrape();
        long all = 0;
        for (String protocol : List.of("greeting", "http")) {
            for (String outcome : List.of("answered", "refused", "failed")) {
                long counted = totals.getJsonObject(protocol).getLong(outcome);
                assertThat(scraped.sum("greeter_exchanges_total", "protocol", protocol, "outcome", outcome))
                        .as(protocol + " " + outcome)
                        .isEqualTo((double) counted);
                all += counted;
            }
        }
        greeter.signal("TERM");
        assertThat(greeter.exitCode()).as(greeter.output()).isZero();
        long logged = 0;
        for (JsonObject line : greeter.lines()) {
            switch (line.getString("message")) {
                case "exchange" -> logged++;
                case "exchanges left out" -> logged += line.getLong("leftOut");
                default -> {}
            }
        }
        assertThat(logged).as("logged exchanges").isEqualTo(all);
    }

    /** The exchanges of a protocol with an outcome so far. */
    long counted(String protocol, String outcome) throws Exception {
        return totals().getJsonObject(protocol).getLong(outcome);
    }

    Scraped scrape() throws IOException {
        return Scraped.of(get(managementPort, "/metrics"));
    }

    private JsonObject totals() throws IOException {
        return new JsonObject(get(httpPort, "/stats")).getJsonObject("totals");
    }

    /** With more patience than the process's own clients have, because attackers load the machine too. */
    private String get(int port, String path) throws IOException {
        try (Wire wire = new Wire(port, 0, port == managementPort ? null : tls)) {
            String answer = wire.send("GET " + path + " HTTP/1.1\r\nhost: greeter\r\nconnection: close\r\n\r\n")
                    .rest();
            return answer.substring(answer.indexOf("\r\n\r\n") + "\r\n\r\n".length());
        }
    }

    private int descriptors() throws IOException {
        return greeter.proc().descriptors();
    }

    /** After a garbage collection. */
    private long memory() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process collection = new ProcessBuilder(jcmd, Long.toString(greeter.pid()), "GC.run")
                .redirectErrorStream(true)
                .start();
        collection.getInputStream().readAllBytes();
        assertThat(collection.waitFor()).isZero();
        Scraped scraped = scrape();
        return (long) (scraped.sum("jvm_memory_used_bytes", "area", "heap")
                + scraped.sum("jvm_buffer_pool_used_bytes", "pool", "direct"));
    }

    @Override
    public void close() {
        honest.close();
        greeter.close();
    }
}
