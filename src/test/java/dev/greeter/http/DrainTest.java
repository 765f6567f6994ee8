package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Addresses;
import dev.greeter.testing.RawClient;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrainTest {
    private static final String GET = "GET / HTTP/1.1\r\nhost: greeter\r\n\r\n";

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.web();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nowhere", "/stats", "/exchanges?limit=x"})
    void endsEachConnectionWithItsNextResponse(String target) {
        RawClient client = server.connect();
        assertThat(client.get(target).response()).doesNotContain("connection: close");

        server.readiness.drain();

        assertThat(client.get(target).toEnd()).contains("\r\nconnection: close\r\n");
    }

    @Test
    void endsAKeptConnectionOfHttp10Too() {
        server.readiness.drain();

        String response = server.connect()
                .request("GET / HTTP/1.0", "connection: keep-alive")
                .toEnd();

        assertThat(response).contains("\r\nconnection: close\r\n").doesNotContain("keep-alive");
    }

    @Test
    void neitherAnswersNorCountsRequestsBehindTheLastResponse() {
        server.readiness.drain();

        String responses = server.connect().send(GET + GET + GET).toEnd();

        assertThat(responses).containsOnlyOnce("HTTP/1.1 200 OK\r\n");
        server.undeploy().await();
        assertThat(server.ledger.outcomes()).containsExactly("answered");
    }

    @Test
    void stillAnswersNewConnectionsUntilItIsStopped() {
        server.readiness.drain();

        assertThat(server.connect().get("/").toEnd()).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Test
    void answersARequestThatComesAtTheStop() {
        RawClient client = server.connect();
        client.get("/").response();

        server.readiness.drain();
        Future<Void> stopped = server.undeploy();

        assertThat(client.get("/").toEnd()).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\nconnection: close\r\n");
        stopped.await();
        assertThat(server.ledger.outcomes()).containsExactly("answered", "answered");
    }

    @Test
    void closesIdleConnectionsAndListensNoMore() {
        RawClient client = server.connect();
        client.get("/").response();
        int port = server.port();

        server.undeploy().await();

        assertThat(client.toEnd()).isEmpty();
        assertThatThrownBy(() -> new RawClient(port)).hasRootCauseInstanceOf(ConnectException.class);
        assertThat(server.ledger.cut()).isZero();
    }

    @Test
    void waitsForARequestInFlight() throws Exception {
        CompletableFuture<Message<Object>> question = new CompletableFuture<>();
        server.vertx.eventBus().localConsumer(Addresses.STATS, question::complete);
        RawClient client = server.connect().get("/stats");
        Message<Object> asked = question.get(5, TimeUnit.SECONDS);

        server.readiness.drain();
        Future<Void> stopped = server.undeploy();
        asked.reply(new JsonObject());

        assertThat(client.toEnd()).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\nconnection: close\r\n");
        stopped.await();
        assertThat(server.ledger.cut()).isZero();
    }

    @Test
    void cutsAndCountsRequestsInFlightAtTheEndOfTheGracePeriod() {
        try (TestServer hasty = TestServer.web(TestServer.NODE, Duration.ofMillis(300), 1)) {
            RawClient client = hasty.connect().request("POST / HTTP/1.1", "host: greeter", "content-length: 5");
            RawClient idle = hasty.connect();
            await().until(() -> hasty.ledger.connections() == 2);

            hasty.undeploy().await();

            assertThat(client.toEnd()).isEmpty();
            assertThat(idle.toEnd()).isEmpty();
            assertThat(hasty.ledger.cut()).isEqualTo(1);
            assertThat(hasty.ledger.outcomes()).containsExactly("refused closed");
            assertThat(hasty.ledger.connections()).isZero();
        }
    }

    @Test
    void reportsHowManyExchangesNoLedgerTook() {
        server.ledger.goAway();
        server.connect().get("/", "connection: close").toEnd();

        Future<Void> stopped = server.undeploy();

        await().atMost(Duration.ofSeconds(20)).until(stopped::isComplete);
        assertThat(stopped.cause()).hasMessageContaining("1 exchanges were not counted");
    }

    @Test
    void handsOverTheLastExchangesBeforeItStops() {
        server.ledger.goAway();
        server.connect().get("/", "connection: close").toEnd();

        server.readiness.drain();
        Future<Void> stopped = server.undeploy();
        server.ledger.comeBack();

        stopped.await();
        assertThat(server.ledger.outcomes()).containsExactly("answered");
    }
}
