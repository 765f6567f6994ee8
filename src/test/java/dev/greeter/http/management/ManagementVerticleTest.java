package dev.greeter.http.management;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.http.TestServer;
import dev.greeter.monitor.Health;
import dev.greeter.monitor.Readiness;
import dev.greeter.testing.RawClient;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementVerticleTest {
    private volatile Future<Status> live = Future.succeededFuture(Status.OK());
    private volatile Future<Status> cluster = Future.succeededFuture(Status.OK());
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.management(
                List.of(new Health.Check("event-loop", () -> live)),
                List.of(new Health.Check("cluster", () -> cluster)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STARTING | /livez    | 200 | 'event-loop','status':'UP'",
                "STARTING | /readyz   | 503 | 'ready','status':'DOWN','data':{'state':'starting'}},{'id':'cluster','status':'UP'",
                "STARTING | /startupz | 503 | 'started','status':'DOWN','data':{'state':'starting'}",
                "READY    | /livez    | 200 | 'event-loop','status':'UP'",
                "READY    | /readyz   | 200 | 'ready','status':'UP'},{'id':'cluster','status':'UP'",
                "READY    | /startupz | 200 | 'started','status':'UP'",
                "DRAINING | /livez    | 200 | 'event-loop','status':'UP'",
                "DRAINING | /readyz   | 503 | 'ready','status':'DOWN','data':{'state':'draining'}},{'id':'cluster','status':'UP'",
                "DRAINING | /startupz | 200 | 'started','status':'UP'",
            },
            quoteCharacter = '`')
    void reportsTheStateOfTheService(Readiness.State state, String target, int status, String checks) {
        server.reach(state);

        assertThat(health(target))
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("\r\ncontent-type: application/json\r\n")
                .contains("\r\ncache-control: no-store\r\n")
                .contains("\r\nx-greeter-node: greeter-0\r\n")
                .endsWith("\r\n\r\n{'status':'" + (status == 200 ? "UP" : "DOWN") + "','checks':[{'id':" + checks
                        + "}]}");
    }

    @Test
    void isDownWhileAnyOfItsChecksIs() {
        server.reach(Readiness.State.READY);

        cluster = Future.succeededFuture(Status.KO(new JsonObject().put("members", 1)));
        assertThat(health("/readyz"))
                .startsWith("HTTP/1.1 503 ")
                .endsWith("{'status':'DOWN','checks':[{'id':'ready','status':'UP'},"
                        + "{'id':'cluster','status':'DOWN','data':{'members':1}}]}");
        assertThat(health("/livez")).startsWith("HTTP/1.1 200 ");

        cluster = Future.failedFuture("lost");
        assertThat(health("/readyz")).contains("{'id':'cluster','status':'DOWN','data':{'cause':'lost'}}");

        cluster = Future.succeededFuture(Status.OK());
        assertThat(health("/readyz")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void limitsTheTimeOfACheck() {
        Promise<Status> never = Promise.promise();
        live = never.future();

        assertThat(health("/livez"))
                .startsWith("HTTP/1.1 503 ")
                .contains("{'id':'event-loop','status':'DOWN','data':{'cause':'Timeout'");

        never.complete(Status.OK()); // too late
        assertThat(health("/livez")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void refusesUnknownPathsAndMethodsAsTheApplicationDoes() {
        RawClient client = server.connect();

        assertThat(client.request("POST /livez HTTP/1.1", "host: greeter").response())
                .startsWith("HTTP/1.1 405 ")
                .contains("\r\nallow: GET, HEAD, OPTIONS\r\n");
        assertThat(client.get("/").response())
                .startsWith("HTTP/1.1 404 ")
                .contains("\r\ncontent-type: application/problem+json\r\n");
        for (String path : List.of("/livez/", "/readyz/", "/startupz/", "/metrics/")) {
            assertThat(client.get(path).response()).as(path).startsWith("HTTP/1.1 404 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/startupz"})
    void isNotOnTheApplicationsPort(String target) {
        try (TestServer application = TestServer.web()) {
            assertThat(application.connect().get(target).response()).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void reportsNoExchange() {
        server.connect().get("/", "connection: close").toEnd();
        server.connect().send("Hello\r\n\r\n").toEnd();

        server.undeploy().await();

        assertThat(server.ledger.exchanges()).isEmpty();
    }

    /** Returns the response, with single quotes. */
    private String health(String target) {
        return server.connect().get(target).response().replace('"', '\'');
    }
}
