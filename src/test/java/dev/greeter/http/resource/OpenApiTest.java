package dev.greeter.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.LocalCodec;
import dev.greeter.bus.Node;
import dev.greeter.bus.PerProtocol;
import dev.greeter.bus.Protocol;
import dev.greeter.config.Config;
import dev.greeter.faults.Faults;
import dev.greeter.http.BodyHandler;
import dev.greeter.http.HttpBinding;
import dev.greeter.http.bridge.BridgeAccess;
import dev.greeter.http.management.ManagementVerticle;
import dev.greeter.http.resource.OpenApiDocument.Answered;
import dev.greeter.ledger.Ledger;
import dev.greeter.ledger.LedgerVerticle;
import dev.greeter.monitor.EventLoops;
import dev.greeter.monitor.Health;
import dev.greeter.monitor.LedgerCheck;
import dev.greeter.monitor.Metrics;
import dev.greeter.monitor.Readiness;
import dev.greeter.monitor.ServerMetrics;
import dev.greeter.net.Grace;
import dev.greeter.net.tls.Certificates;
import dev.greeter.testing.Configs;
import dev.greeter.testing.RawClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The document against both servers, with the real ledger behind them. */
class OpenApiTest {
    private static final String TOKEN = "open-sesame";
    private static final String HTML = "text/html";
    private static final String TOO_LONG = "x".repeat(BodyHandler.MAX_OCTETS + 1);
    private static final String WEB_SOCKET = "/eventbus/websocket";
    private static final String SOCK_JS = "/eventbus/{server}/{session}/websocket";
    private static final Config.Http HTTP =
            Configs.http("127.0.0.1", 0, 1, 100, Duration.ofSeconds(60), Duration.ofSeconds(30));

    private static final Vertx VERTX = Vertx.vertx();
    private static final Readiness READINESS = new Readiness();
    private static final HttpBinding WEB = new HttpBinding(HTTP, null);
    private static final HttpBinding MANAGEMENT = new HttpBinding(Configs.management("127.0.0.1", 0), 256, null);
    private static final Node NODE = new Node("greeter-0", "host", "1.2.3", Instant.EPOCH);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static boolean broken;
    private static OpenApiDocument document;
    private static WebVerticle web;
    private static ManagementVerticle management;

    private final Set<Answered> seen = new LinkedHashSet<>();

    @BeforeAll
    static void start() throws Exception {
        LocalCodec.register(VERTX.eventBus());
        PerProtocol<Faults> faults = PerProtocol.of(protocol -> new Faults(protocol.label()));
        LedgerClient ledger = new LedgerClient(VERTX.eventBus());
        Health.Check breakable = new Health.Check(
                "event-loop", () -> broken ? Future.failedFuture("blocked") : Future.succeededFuture());
        web = new WebVerticle(
                WEB,
                new BridgeAccess(new Config.Bridge(10, 1_024, 10, List.of(), false)),
                NODE.name(),
                READINESS,
                faults.get(Protocol.HTTP),
                new Grace(Duration.ofSeconds(1)),
                ledger);
        management = new ManagementVerticle(
                MANAGEMENT,
                NODE.name(),
                READINESS,
                new Health(
                        List.of(breakable),
                        List.of(READINESS.readyCheck(), LedgerCheck.of(ledger)),
                        List.of(READINESS.startedCheck())),
                new Metrics(
                        VERTX,
                        NODE,
                        ledger,
                        new ServerMetrics(),
                        new EventLoops(),
                        READINESS,
                        Certificates.NONE,
                        Map.of()),
                new Config.Faults(TOKEN, List.of(), Duration.ofMinutes(1)),
                faults);
        VERTX.deployVerticle(new LedgerVerticle(new Ledger(NODE, 0), null)).await();
        VERTX.deployVerticle(web).await();
        VERTX.deployVerticle(management).await();
        document = new OpenApiDocument(CLIENT.send(request("/openapi.yaml").build(), BodyHandlers.ofString())
                .body());
    }

    @AfterAll
    static void stop() {
        VERTX.close().await();
    }

    @Test
    void isWhatTheSpecificationAllows() {
        assertThat(document.problems()).isEmpty();
    }

    @Test
    void showsExamplesThatFitTheirSchemas() {
        assertThat(document.exampleCount()).isGreaterThan(20);
        assertThat(document.badExamples()).isEmpty();
    }

    @Test
    void hasEveryRouteAndNoOther() {
        assertSame(web.paths(), document.paths(false));
        assertSame(management.paths(), document.paths(true));
    }

    /** A route that ends with a slash stands for all paths below it. */
    private static void assertSame(List<String> routes, Set<String> documented) {
        assertThat(documented)
                .allSatisfy(path -> assertThat(routes)
                        .as(path)
                        .anyMatch(route -> route.equals(path) || (isPrefix(route) && path.startsWith(route))));
        assertThat(routes)
                .allSatisfy(route -> assertThat(documented)
                        .as(route)
                        .anyMatch(path -> route.equals(path) || (isPrefix(route) && path.startsWith(route))));
    }

    private static boolean isPrefix(String route) {
        return route.length() > 1 && route.endsWith("/");
    }

    @Test
    void describesEveryResponse() throws Exception {
        broken = true;
        for (String probe : List.of("/livez", "/readyz", "/startupz")) {
            see(probe, "get", request(probe));
        }
        broken = false;
        READINESS.ready();
        for (String path : paths()) {
            for (String method : document.methods(path)) {
                for (String accept : List.of("*/*", HTML)) {
                    see(path, method, method(request(path), method, TOO_LONG).header("accept", accept));
                }
            }
            if (!path.equals(WEB_SOCKET) && !path.equals(SOCK_JS) && !path.equals("/faults")) {
                HttpResponse<String> got = see(path, "get", request(path));
                got.headers()
                        .firstValue("etag")
                        .ifPresent(etag -> seeUnchecked(path, request(path).header("if-none-match", etag)));
            }
        }
        see("/metrics", "get", request("/metrics").header("accept", "application/openmetrics-text"));
        for (String accept : List.of("*/*", HTML)) {
            see("/stats", "get", request("/stats?scope=all").header("accept", accept));
            see("/exchanges", "get", request("/exchanges?limit=0").header("accept", accept));
            for (String path : List.of("/eventbus/info", WEB_SOCKET, SOCK_JS)) {
                see(path, "get", request(path).header("accept", accept).header("origin", "https://other.example"));
            }
            seeFaults(accept);
            for (String path : List.of(WEB_SOCKET, SOCK_JS)) {
                see(path, "get", request(path).header("accept", accept));
            }
        }
        for (String accept : List.of("*/*", HTML)) {
            // last, because no token of this address is accepted then
            seeTooManyTokens(accept);
        }
        seeWebSocket(WEB_SOCKET);
        seeWebSocket(SOCK_JS);
        seeFullServer();

        assertThat(seen).containsExactlyInAnyOrderElementsOf(document.answers());
    }

    private void seeTooManyTokens(String accept) throws Exception {
        for (String method : document.methods("/faults")) {
            HttpRequest.Builder wrong = method(request("/faults"), method, "{}")
                    .header("authorization", "Bearer wrong")
                    .header("accept", accept);
            while (see("/faults", method, wrong).statusCode() != 429) {
                // one more is accepted each second
            }
        }
    }

    private void seeFaults(String accept) throws Exception {
        for (String method : document.methods("/faults")) {
            see("/faults", method, method(request("/faults"), method, "{}").header("accept", accept));
        }
        String fault =
                "{\"protocol\":\"greeting\",\"kind\":\"delay\",\"percent\":100,\"for\":\"30s\",\"delay\":\"1ms\"}";
        see("/faults", "post", known("post", "{}").header("accept", accept));
        see("/faults", "post", known("post", fault).header("accept", accept));
        see("/faults", "post", known("post", fault).header("accept", accept));
        see("/faults", "get", known("get", ""));
        see("/faults", "delete", known("delete", ""));
    }

    private static HttpRequest.Builder known(String method, String body) {
        return method(request("/faults"), method, body).header("authorization", "Bearer " + TOKEN);
    }

    private void seeWebSocket(String path) {
        try (RawClient client = new RawClient(WEB.port())) {
            String head = client.get(
                            target(path),
                            "connection: upgrade",
                            "upgrade: websocket",
                            "sec-websocket-version: 13",
                            "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==")
                    .head();
            assertThat(head).startsWith("HTTP/1.1 101 ");
            seen.add(document.judge(path, "get", 101, Map.of(), ""));
        }
    }

    /** Lowers the limit of connections to one. */
    private void seeFullServer() throws Exception {
        WEB.change(Configs.http("127.0.0.1", 0, 1, 1, Duration.ofSeconds(60), Duration.ofSeconds(30)));
        for (String path : List.of("/stats", "/exchanges", WEB_SOCKET, SOCK_JS)) {
            for (String accept : List.of("*/*", HTML)) {
                HttpClient another = HttpClient.newHttpClient();
                seen.add(judge(
                        path,
                        "get",
                        another.send(request(path).header("accept", accept).build(), BodyHandlers.ofString())));
            }
        }
    }

    private HttpResponse<String> see(String path, String method, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
        seen.add(judge(path, method, response));
        return response;
    }

    private void seeUnchecked(String path, HttpRequest.Builder request) {
        try {
            see(path, "get", request);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Answered judge(String path, String method, HttpResponse<String> response) {
        return document.judge(
                path, method, response.statusCode(), response.headers().map(), response.body());
    }

    private static List<String> paths() {
        return Stream.of(document.paths(false), document.paths(true))
                .flatMap(Set::stream)
                .toList();
    }

    private static HttpRequest.Builder request(String path) {
        int port = document != null && document.isManagement(path.replaceFirst("\\?.*", ""))
                ? MANAGEMENT.port()
                : WEB.port();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target(path)))
                .timeout(Duration.ofSeconds(10));
    }

    private static String target(String path) {
        return path.replace("{server}", "123").replace("{session}", "abcdefgh");
    }

    private static HttpRequest.Builder method(HttpRequest.Builder request, String method, String body) {
        return request.method(
                method.toUpperCase(Locale.ROOT),
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    }
}
