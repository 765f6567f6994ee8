package dev.greeter.http.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.greeter.http.TestServer;
import dev.greeter.net.tls.ServerTls;
import dev.greeter.testing.RawClient;
import dev.greeter.testing.SelfSignedCertificate;
import dev.greeter.testing.TlsClient;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for HTTP in clear text holds over TLS. */
class HttpsTest {
    private static final String GET = "GET / HTTP/1.1\r\nhost: greeter\r\n\r\n";
    private static final String STATS = "GET /stats HTTP/1.1\r\nhost: greeter\r\n\r\n";

    private static ServerTls tls;
    private static SSLContext client;

    private TestServer server;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        tls = new ServerTls("http", SelfSignedCertificate.create(folder).tls(), List.of("http/1.1"));
        client = SelfSignedCertificate.strangerContext();
    }

    @BeforeEach
    void start() {
        server = TestServer.webOverTls(tls);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TlsClient connect(String version) {
        return new TlsClient(server.port(), client, version);
    }

    /** The second answer takes a turn of the loop, in which the client's end has come. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void answersAllThatCameBeforeCloseNotify(String version) {
        server.vertx
                .eventBus()
                .localConsumer(
                        "greeter.stats",
                        question -> server.vertx.setTimer(100, later -> question.reply(new JsonObject())));
        String responses = connect(version).send(GET + STATS + GET).halfClose().toEnd();

        assertThat(responses.split("HTTP/1.1 200 OK\r\n", -1)).hasSize(4);
        await().until(() -> server.ledger.connections() == 0);
        server.undeploy().await();
        assertThat(server.ledger.outcomes()).containsExactly("answered", "answered");
    }

    /** Parts of it, and octets behind it. The client reads late, so that a reset would take its responses. */
    @ParameterizedTest
    @CsvSource({"TLSv1.2, 0", "TLSv1.2, 1", "TLSv1.2, 12", "TLSv1.3, 0", "TLSv1.3, 12"})
    void endsInOrderHoweverCloseNotifyComes(String version, int split) {
        TlsClient witness = connect(version);
        TlsClient late = new TlsClient(server.port(), 2_048, client, version);
        late.send(GET.repeat(20));
        await().until(() -> server.ledger.outcomes().size() == 20);
        byte[] octets = late.closeNotify();
        byte[] all = Arrays.copyOf(octets, octets.length + 100_000);

        late.sendBelow(all, 0, split);
        witness.get("/").response();
        late.sendBelow(all, split, all.length);
        witness.get("/").response();

        assertThat(late.toEnd().split("HTTP/1.1 200 OK\r\n", -1)).hasSize(21);
        await().until(() -> server.ledger.connections() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void endsARefusedConnectionByCloseNotify(String version) {
        assertThat(connect(version).request("GET / HTTP/1.1").toEnd()).startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void endsEachConnectionWithItsNextResponse(String version) {
        TlsClient kept = connect(version);
        kept.get("/").response();
        TlsClient idle = connect(version).handshake();
        RawClient unfinished = server.connect().send(new byte[] {22, 3, 1});
        await().until(() -> server.ledger.connections() == 3);

        server.readiness.drain();
        Future<Void> stopped = server.undeploy();

        assertThat(kept.get("/").toEnd()).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\nconnection: close\r\n");
        assertThat(idle.toEnd()).isEmpty();
        assertThat(unfinished.toEnd()).isEmpty();
        stopped.await();
        assertThat(server.ledger.outcomes()).containsExactly("answered", "answered");
        assertThat(server.ledger.cut()).isZero();
    }

    /** Each call of a handshake after the first asks for new keys (RFC 8446, section 4.6.3), which the server has to answer. */
    @Test
    void endsAConnectionThatAsksForNewKeysWithoutEnd() {
        TlsClient greedy = connect("TLSv1.3").handshake();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        greedy.handshake();
                    }
                })
                .isInstanceOf(UncheckedIOException.class);
        await().until(() -> server.ledger.connections() == 0);
    }

    @Test
    void keepsAConnectionThatAsksForNewKeysNowAndThen() {
        TlsClient careful = connect("TLSv1.3");
        for (int i = 0; i < 100; i++) {
            careful.handshake();
            assertThat(careful.get("/").response()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void answersAConnectionOverTheLimitBy503() {
        for (int i = 0; i < TestServer.MAX_CONNECTIONS; i++) {
            // without a handshake they take their places too
            server.connect();
        }
        await().until(() -> server.ledger.connections() == TestServer.MAX_CONNECTIONS);

        assertThat(connect("TLSv1.3").get("/").toEnd()).startsWith("HTTP/1.1 503 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, "GET /dashboard HTTP/1.1\r\nhost: greeter\r\n\r\n", "Hello\r\n\r\n"})
    void refusesClearTextInClearText(String request) {
        assertThat(server.connect().send(request).toEnd())
                .matches("(?s)HTTP/1\\.[01] 400 Bad Request\r\n.*")
                .contains("This port speaks HTTPS only.");
    }

    @Test
    void endsAHandshakeThatTakesTooLong() {
        server.changeTimeouts(Duration.ofSeconds(60), Duration.ofMillis(300));
        RawClient unfinished = server.connect().send(new byte[] {22, 3, 1});

        // without one if the time was over before the octets were read
        assertThat(unfinished.toEnd()).as("an alert").matches("(?s)(\25\3.*)?");
        await().until(() -> server.ledger.connections() == 0);
        assertThat(server.ledger.outcomes()).isEmpty();
    }
}
