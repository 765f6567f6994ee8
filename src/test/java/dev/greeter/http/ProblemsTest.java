package dev.greeter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.RawClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemsTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.web();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /nowhere, not-found",
        "POST /, not-allowed",
        "OPTIONS /, options",
        "GET /stats?scope=%3Cb%3E, bad-parameter",
    })
    void answersByteForByteInJsonAndInHtml(String requestLine, String name) {
        try (RawClient client = server.connect()) {
            client.request(requestLine + " HTTP/1.1", "host: greeter");
            assertThat(Golden.undated(client.response())).isEqualTo(Golden.response(name + ".json.http"));

            client.request(requestLine + " HTTP/1.1", "host: greeter", "accept: text/html,*/*;q=0.8");
            assertThat(Golden.undated(client.response())).isEqualTo(Golden.response(name + ".html.http"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /nowhere             | 404",
                "POST   | /nowhere             | 404",
                "GET    | /stats/              | 404",
                "GET    | /exchanges/          | 404",
                "GET    | /dashboard/          | 404",
                "GET    | /dashboard/bus.js/   | 404",
                "GET    | /openapi.yaml/       | 404",
                "GET    | /eventbus/           | 404",
                "GET    | /eventbus/info/      | 404",
                "GET    | /stats/?scope=node   | 404",
                "GET    | /%zz                 | 400",
                "GET    | //                   | 404",
                "GET    | /a/..                | 404",
                "DELETE | /                    | 405",
                "TRACE  | /                    | 405",
                "HELLO  | /                    | 501",
                "PUT    | /stats               | 405",
                "POST   | /exchanges           | 405",
                "OPTIONS| /stats               | 204",
                "GET    | /stats?scope=node    | 200",
                "GET    | /stats?scope=cluster | 200",
                "GET    | /stats?scope=        | 400",
                "GET    | /stats?scope=Node    | 400",
                "GET    | /stats?scope=node&scope=node | 400",
                "GET    | /stats?x=1           | 400",
                "GET    | /stats?%zz           | 400",
                "GET    | /exchanges?limit=1   | 200",
                "GET    | /exchanges?limit=1000| 200",
                "GET    | /exchanges?limit=0   | 400",
                "GET    | /exchanges?limit=1001| 400",
                "GET    | /exchanges?limit=-1  | 400",
                "GET    | /exchanges?limit=+1  | 400",
                "GET    | /exchanges?limit=1e1 | 400",
                "GET    | /exchanges?limit=99999999999999999999 | 400",
                "GET    | /exchanges?limit     | 400",
            })
    void answersEachRequestByItsStatus(String method, String target, int status) {
        Queries.answered(server.vertx);
        try (RawClient client = server.connect()) {
            String response = client.request(method + " " + target + " HTTP/1.1", "host: greeter", "connection: close")
                    .toEnd();

            assertThat(response).startsWith("HTTP/1.1 " + status + " ").contains("\r\nx-greeter-node: greeter-0\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "TEXT/HTML",
                "text/*, application/json;q=0.5",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "application/*;q=0.1, text/html;level=1;q=0.2"
            })
    void answersInHtmlToAClientThatPrefersIt(String accept) {
        try (RawClient client = server.connect()) {
            assertThat(client.get("/nowhere", "accept: " + accept).response()).contains("content-type: text/html");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "application/json",
                "text/html;q=0.5, application/json",
                "text/html;q=0",
                "text/html, */*",
                "image/png",
                ""
            })
    void answersInJsonToAllOthers(String accept) {
        try (RawClient client = server.connect()) {
            assertThat(client.get("/nowhere", "accept: " + accept).response())
                    .contains("content-type: application/problem+json");
        }
    }

    @Test
    void readsSeveralAcceptLinesAsOneList() {
        try (RawClient client = server.connect()) {
            assertThat(client.get("/nowhere", "accept: application/json;q=0.1", "accept: text/html")
                            .response())
                    .contains("content-type: text/html");
        }
    }

    @Test
    void answersNoBodyToHead() {
        try (RawClient client = server.connect()) {
            assertThat(client.request("HEAD /nowhere HTTP/1.1", "host: greeter", "connection: close")
                            .toEnd())
                    .startsWith("HTTP/1.1 404 Not Found\r\n")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void refusesARequestWithoutHost() {
        try (RawClient client = server.connect()) {
            assertThat(client.request("GET /stats HTTP/1.1").response())
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("\"detail\":\"An HTTP/1.1 request needs the header host.\"");
        }
    }

    @Test
    void escapesTextOfTheClient() {
        try (RawClient client = server.connect()) {
            assertThat(client.get("/stats?scope=%22%3E%3Cscript%3E%27%26", "accept: text/html")
                            .response())
                    .contains("&quot;&quot;&gt;&lt;script&gt;&#39;&amp;&quot;")
                    .doesNotContain("<script>");
        }
    }

    @Test
    void ignoresABodyWithinTheLimit() {
        try (RawClient client = server.connect()) {
            client.request("GET / HTTP/1.1", "host: greeter", "content-length: 5")
                    .send("Hello");
            assertThat(client.response()).startsWith("HTTP/1.1 200 OK\r\n");

            client.request("GET / HTTP/1.1", "host: greeter", "transfer-encoding: chunked")
                    .send("5\r\nHello\r\n0\r\n\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void asksForABodyThatWaitsForContinue() {
        try (RawClient client = server.connect()) {
            client.request("GET / HTTP/1.1", "host: greeter", "content-length: 5", "expect: 100-continue");
            assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");

            assertThat(client.send("Hello").response()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void refusesABodyThatIsTooLongWhileItIsSent() {
        try (RawClient client = server.connect()) {
            client.request("POST / HTTP/1.1", "host: greeter", "content-length: 200000")
                    .send("x".repeat(150_000));

            assertThat(client.toEnd())
                    .startsWith("HTTP/1.1 413 Request Entity Too Large\r\n")
                    .contains("\r\nconnection: close\r\n");
        }
    }
}
