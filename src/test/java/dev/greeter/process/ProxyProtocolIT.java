package dev.greeter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.config.Tls;
import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.RawClient;
import dev.greeter.testing.SelfSignedCertificate;
import dev.greeter.testing.TlsClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The jar behind proxies that others wrote and that name their clients by the PROXY protocol. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProxyProtocolIT {
    private static final String CLIENT = "127.0.0.5";
    private static final String OTHER_CLIENT = "127.0.0.6";

    private static final String NO_HEADER = "a proxy's connection without a PROXY protocol header was closed";

    private GreeterProcess greeter;

    /** All that it has counted and complained of. */
    private record State(Map<String, Object> greetings, Map<String, Object> pages, long warnings) {}

    @BeforeAll
    void serve(@TempDir Path folder) throws IOException {
        greeter = GreeterProcess.serve(
                folder,
                "greeting.proxyProtocol.from=" + SendingProxy.ADDRESS,
                "http.proxyProtocol.from=" + SendingProxy.ADDRESS + "/32,fd00::/8",
                "peers.maxConnections=2");
    }

    @AfterAll
    void close() {
        greeter.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HAPROXY_HTTP_CHECK")
    void knowsEachClientOfAProxy(SendingProxy.Kind kind, @TempDir Path folder) throws Exception {
        try (SendingProxy proxy = SendingProxy.start(kind, folder, greeter)) {
            try (RawClient client = RawClient.from(CLIENT, proxy.greetingPort())) {
                assertThat(client.send("GREETING/2\nHello 1\nHello 2\n")
                                .halfClose()
                                .rest())
                        .isEqualTo("GREETING/2\nWorld 1\nWorld 2\n");
                assertExchanges("greeting", CLIENT, client, "answered", 2);
            }
            try (RawClient client = RawClient.from(CLIENT, proxy.httpPort())) {
                client.get("/", "X-Forwarded-For: 192.0.2.7").get("/").responses(2);
                assertExchanges("http", CLIENT, client, "answered", 2);
            }
        }
    }

    @Test
    void limitsEachClientBehindAProxyByItself(@TempDir Path folder) throws Exception {
        try (SendingProxy proxy = SendingProxy.start(SendingProxy.Kind.HAPROXY_V2, folder, greeter);
                RawClient one = RawClient.from(CLIENT, proxy.greetingPort());
                RawClient two = RawClient.from(CLIENT, proxy.greetingPort());
                RawClient other = RawClient.from(OTHER_CLIENT, proxy.greetingPort())) {
            for (RawClient admitted : List.of(one, two, other)) {
                assertThat(admitted.send("GREETING/2\n").octets(11)).isEqualTo("GREETING/2\n");
            }
            try (RawClient three = RawClient.from(CLIENT, proxy.greetingPort())) {
                assertThat(three.send("GREETING/2\n").rest()).startsWith("Error busy ");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NGINX", "HAPROXY_HTTP_CHECK"})
    void countsNoChecksOfABalancer(SendingProxy.Kind kind, @TempDir Path folder) throws Exception {
        State before = state();
        try (SendingProxy proxy = SendingProxy.start(kind, folder, greeter)) {
            proxy.awaitChecks();
            assertThat(state()).isEqualTo(before);
        }
    }

    @Test
    void knowsABalancersOwnRequestsByTheConnection(@TempDir Path folder) throws Exception {
        try (SendingProxy proxy = SendingProxy.start(SendingProxy.Kind.HAPROXY_HTTP_CHECK, folder, greeter)) {
            proxy.awaitChecks();
            await().untilAsserted(() ->
                    assertThat(exchanges()).anyMatch(exchange -> isOf(exchange, "http", SendingProxy.ADDRESS + ":")));
        }
    }

    @Test
    void readsAHeaderFromElsewhereAsData() throws Exception {
        String header = "PROXY TCP4 192.0.2.7 192.0.2.9 4711 1234\r\n";
        try (RawClient client = RawClient.from(OTHER_CLIENT, greeter.greetingPort())) {
            assertThat(client.send(header + "Hello").rest()).startsWith("Error bad-greeting ");
            assertExchanges("greeting", OTHER_CLIENT, client, "refused", 1);
        }
        try (RawClient client = RawClient.from(OTHER_CLIENT, greeter.httpPort())) {
            assertThat(client.send(header + "GET / HTTP/1.1\r\n\r\n").rest()).startsWith("HTTP/1.0 400 ");
        }
    }

    @Test
    void closesAProxysConnectionWithoutAHeader() throws Exception {
        State before = state();
        for (int port : List.of(greeter.greetingPort(), greeter.httpPort())) {
            try (RawClient proxy = RawClient.from(SendingProxy.ADDRESS, port)) {
                assertThat(proxy.send("H").rest()).isEmpty();
            }
        }
        await().until(() -> greeter.said(NO_HEADER));
        assertThat(greeter.line(NO_HEADER).getString("cause")).isEqualTo("there is no header");
        assertThat(state().greetings()).isEqualTo(before.greetings());
        assertThat(state().pages()).isEqualTo(before.pages());
    }

    @Test
    void speaksTlsBehindTheHeader(@TempDir Path folder) throws Exception {
        Tls tls = SelfSignedCertificate.create(folder).tls();
        List<String> settings = Stream.of("greeting", "http")
                .flatMap(server -> Stream.of(
                        server + ".tls.certificate=" + tls.certificate(),
                        server + ".tls.key=" + tls.key(),
                        server + ".proxyProtocol.from=" + SendingProxy.ADDRESS))
                .toList();
        try (GreeterProcess secured = GreeterProcess.serve(folder, settings.toArray(String[]::new));
                SendingProxy proxy = SendingProxy.start(SendingProxy.Kind.HAPROXY_V2_VALUES, folder, secured)) {
            proxy.awaitChecks();
            SSLContext context = SelfSignedCertificate.strangerContext();
            try (TlsClient greeting = new TlsClient(proxy.greetingPort(), context, "TLSv1.3");
                    TlsClient http = new TlsClient(proxy.httpPort(), context, "TLSv1.2")) {
                assertThat(greeting.send("Hello").rest()).isEqualTo("World");
                assertThat(http.get("/").response()).startsWith("HTTP/1.1 200 ");
                await().untilAsserted(() -> assertThat(secured.lines())
                        .filteredOn(line -> "exchange".equals(line.getString("message")))
                        .extracting(line -> line.getString("peer"))
                        .containsExactlyInAnyOrder("127.0.0.1:" + greeting.port(), "127.0.0.1:" + http.port()));
            }
        }
    }

    private State state() throws IOException, InterruptedException {
        long warnings = greeter.lines().stream()
                .filter(line -> "WARN".equals(line.getString("level")))
                .count();
        return new State(greeter.totals("greeting"), greeter.totals("http"), warnings);
    }

    private void assertExchanges(String protocol, String host, RawClient client, String outcome, int count) {
        await().untilAsserted(() -> assertThat(exchanges())
                .filteredOn(exchange -> isOf(exchange, protocol, host + ":" + client.port()))
                .extracting(exchange -> exchange.getString("outcome"))
                .isEqualTo(Collections.nCopies(count, outcome)));
    }

    private static boolean isOf(JsonObject exchange, String protocol, String peer) {
        return protocol.equals(exchange.getString("protocol"))
                && exchange.getString("peer").startsWith(peer);
    }

    private List<JsonObject> exchanges() throws IOException, InterruptedException {
        return new JsonArray(greeter.get(greeter.httpPort(), "/exchanges").body())
                .stream().map(JsonObject.class::cast).toList();
    }
}
