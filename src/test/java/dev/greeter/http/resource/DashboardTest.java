package dev.greeter.http.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.http.TestServer;
import dev.greeter.testing.RawClient;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DashboardTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.web();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static Stream<String> paths() {
        return Dashboard.FILES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("paths")
    void answersEachFileAndThenNotModified(String path) {
        try (RawClient client = server.connect()) {
            String plain = client.get(path).response();
            String gzipped = client.get(path, "accept-encoding: gzip").response();

            assertThat(plain)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\r\ncache-control: no-cache\r\n")
                    .contains("\r\nx-content-type-options: nosniff\r\n")
                    .contains("\r\ncross-origin-resource-policy: same-origin\r\n");
            assertThat(gzipped).contains("\r\ncontent-encoding: gzip\r\n").hasSizeLessThan(plain.length());
            String etag = plain.lines()
                    .filter(line -> line.startsWith("etag: "))
                    .findFirst()
                    .orElseThrow()
                    .substring("etag: ".length());
            assertThat(client.get(path, "if-none-match: " + etag).response()).startsWith("HTTP/1.1 304 ");
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void answersHeadAndRefusesOtherMethods(String path) {
        assertThat(server.connect()
                        .request("HEAD " + path + " HTTP/1.1", "host: greeter", "connection: close")
                        .toEnd())
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\n");
        assertThat(server.connect()
                        .request("POST " + path + " HTTP/1.1", "host: greeter", "connection: close")
                        .toEnd())
                .startsWith("HTTP/1.1 405 ");
    }

    @Test
    void allowsNoInlineContentAndNoOtherServer() {
        try (RawClient client = server.connect()) {
            String page = client.get("/dashboard").response();

            assertThat(page)
                    .contains("\r\ncontent-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; "
                            + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
                            + "frame-ancestors 'none'; require-trusted-types-for 'script'\r\n")
                    .contains("\r\nreferrer-policy: no-referrer\r\n")
                    .contains("\r\ncross-origin-opener-policy: same-origin\r\n");
            assertThat(page)
                    .doesNotContain("<style")
                    .doesNotContain(" style=")
                    .doesNotContainPattern("<script(?! src=)");
        }
    }

    @Test
    void isNoExchange() {
        server.connect().get("/dashboard", "connection: close").toEnd();
        assertThat(server.ledger.exchanges()).isEmpty();
    }

    @Test
    void hasNoOtherFile() {
        try (RawClient client = server.connect()) {
            assertThat(client.get("/dashboard/index.html").response()).startsWith("HTTP/1.1 404 ");
            assertThat(client.get("/dashboard/../page.html").response()).startsWith("HTTP/1.1 404 ");
        }
    }
}
