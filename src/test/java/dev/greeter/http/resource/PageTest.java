package dev.greeter.http.resource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.http.Golden;
import dev.greeter.http.TestServer;
import dev.greeter.testing.RawClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
    private static final String LONGEST_NODE_NAME = "n".repeat(63);

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.web(TestServer.NODE, TestServer.GRACE, 1);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answersThePageByteForByte() {
        try (RawClient client = server.connect()) {
            String response = client.get("/").response();

            assertThat(Golden.undated(response)).isEqualTo(Golden.response("page.http"));
        }
    }

    @Test
    void answersHeadLikeGetWithoutTheBody() {
        try (RawClient client = server.connect()) {
            String response = client.request("HEAD / HTTP/1.1", "host: greeter", "connection: close")
                    .toEnd();

            String head = Golden.response("page.http");
            assertThat(Golden.undated(response))
                    .isEqualTo(head.substring(0, head.indexOf("\r\n\r\n")) + "\r\nconnection: close\r\n\r\n");
        }
    }

    @Test
    void fitsInto1023OctetsWithTheLongestHeaders() {
        try (TestServer longest = TestServer.web(LONGEST_NODE_NAME, Duration.ofSeconds(1), 1)) {
            longest.readiness.drain();

            for (String encoding : new String[] {"identity", "gzip"}) {
                try (RawClient client = longest.connect()) {
                    assertThat(client.get("/", "accept-encoding: " + encoding).toEnd())
                            .contains(LONGEST_NODE_NAME)
                            .contains("connection: close")
                            .hasSizeLessThan(1_024);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "*", "\"other\", %s", "W/%s", "\"a,b\" , W/\"c\",%s"})
    void answersNotModifiedToAClientThatHasThePage(String ifNoneMatch) {
        try (RawClient client = server.connect()) {
            String condition = "if-none-match: "
                    + ifNoneMatch.formatted(FileResource.PAGE.plain().etag());

            String response = client.get("/", condition, "connection: close").toEnd();

            assertThat(Golden.undated(response)).isEqualTo(Golden.response("page-not-modified.http"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"other\"", "", "other", "W/\"\"", "\"*\""})
    void answersThePageToAClientWithAnotherOne(String ifNoneMatch) {
        try (RawClient client = server.connect()) {
            assertThat(client.get("/", "if-none-match: " + ifNoneMatch).response())
                    .startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "%s | 200",
                "* | 200",
                "\"other\", %s | 200",
                "\"other\" | 412",
                "W/%s | 412",
                "other | 412",
            })
    void answersThePageToAClientThatWantsThisOneOnly(String ifMatch, int status) {
        try (RawClient client = server.connect()) {
            String etag = FileResource.PAGE.plain().etag();
            assertThat(client.get("/", "if-match: " + ifMatch.formatted(etag)).response())
                    .startsWith("HTTP/1.1 " + status + " ");
            assertThat(client.get("/", "if-match: " + ifMatch.formatted(etag), "if-none-match: " + etag)
                            .response())
                    .as("if-match comes first")
                    .startsWith("HTTP/1.1 " + (status == 200 ? 304 : status) + " ");
        }
    }

    @Test
    void keepsThePlainAndTheGzippedPageApart() {
        try (RawClient client = server.connect()) {
            String response = client.get(
                            "/",
                            "accept-encoding: gzip",
                            "if-none-match: " + FileResource.PAGE.plain().etag())
                    .response();

            assertThat(response).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void gzipsThePageForAClientThatPrefersIt() throws IOException {
        try (RawClient client = server.connect()) {
            String response = client.get("/", "accept-encoding: br, gzip;q=0.8").response();

            int bodyStart = response.indexOf("\r\n\r\n") + 4;
            assertThat(response.substring(0, bodyStart))
                    .contains("\r\ncontent-encoding: gzip\r\n")
                    .contains("\r\nvary: accept-encoding\r\n")
                    .contains("\r\netag: " + FileResource.PAGE.gzipped().etag() + "\r\n");
            byte[] gzipped = response.substring(bodyStart).getBytes(ISO_8859_1);
            assertThat(new String(new GZIPInputStream(new ByteArrayInputStream(gzipped)).readAllBytes(), ISO_8859_1))
                    .isEqualTo(body(Golden.response("page.http")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gzip;q=0", "br", "", "identity, gzip;q=0.5", "*;q=0", "gzip;q=0, *", "deflate;q=1.0, identity"})
    void leavesThePagePlainForAllOtherClients(String acceptEncoding) {
        try (RawClient client = server.connect()) {
            assertThat(client.get("/", "accept-encoding: " + acceptEncoding).response())
                    .doesNotContain("content-encoding");
        }
    }

    @Test
    void allowsNoStyleButThePagesOwn() throws Exception {
        String page = body(Golden.response("page.http"));
        String style = page.substring(page.indexOf("<style>") + "<style>".length(), page.indexOf("</style>"));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(style.getBytes(ISO_8859_1));

        assertThat(Golden.response("page.http"))
                .contains("style-src 'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
    }

    @Test
    void answersPipelinedRequestsInOrder() {
        try (RawClient client = server.connect()) {
            client.get("/").get("/no").request("HEAD / HTTP/1.1", "host: greeter");

            assertThat(client.response()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(client.response()).startsWith("HTTP/1.1 404 Not Found\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void answersHttp10AndCloses() {
        try (RawClient client = server.connect()) {
            assertThat(client.request("GET / HTTP/1.0").toEnd())
                    .startsWith("HTTP/1.0 200 OK\r\n")
                    .endsWith("</html>\n");
        }
    }

    private static String body(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }
}
