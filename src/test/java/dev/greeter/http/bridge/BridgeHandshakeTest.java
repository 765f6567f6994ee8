package dev.greeter.http.bridge;

import static dev.greeter.http.bridge.WebSocketPeer.RAW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.http.QuietLog;
import dev.greeter.http.TestServer;
import dev.greeter.testing.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bad opening handshake of a WebSocket gets a problem, and does not count for the limit (RFC 6455, section 4.2.1). */
class BridgeHandshakeTest {
    private static final List<String> HANDSHAKE = List.of(
            "host: greeter",
            "upgrade: websocket",
            "connection: Upgrade",
            "sec-websocket-version: 13",
            "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==");

    private TestServer server;
    private QuietLog log;

    @BeforeEach
    void start() {
        server = TestServer.web();
        log = QuietLog.listen();
    }

    @AfterEach
    void stop() {
        log.close();
        server.close();
    }

    private static String handshake(String line, String replaced, String by) {
        List<String> lines = new ArrayList<>(List.of(line));
        HANDSHAKE.stream().filter(header -> !header.startsWith(replaced + ":")).forEach(lines::add);
        if (!by.isEmpty()) {
            lines.addAll(List.of(by.split("&", -1)));
        }
        return String.join("\r\n", lines) + "\r\n\r\n";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            upgrade               | ''                                                                  | 426
            upgrade               | upgrade: h2c                                                        | 426
            upgrade               | upgrade: websockets                                                 | 426
            connection            | ''                                                                  | 426
            connection            | connection: keep-alive                                              | 426
            connection            | connection: upgrades                                                | 426
            sec-websocket-version | ''                                                                  | 426
            sec-websocket-version | sec-websocket-version: 8                                            | 426
            sec-websocket-version | sec-websocket-version: 0                                            | 426
            sec-websocket-version | sec-websocket-version: 14                                           | 426
            sec-websocket-version | sec-websocket-version: 13, 8                                        | 426
            sec-websocket-version | sec-websocket-version: 13&sec-websocket-version: 8                  | 426
            sec-websocket-key     | ''                                                                  | 400
            sec-websocket-key     | sec-websocket-key:                                                  | 400
            sec-websocket-key     | sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ                           | 400
            sec-websocket-key     | sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=                          | 400
            sec-websocket-key     | sec-websocket-key: dGhlIHNhbXBsZSBub25jZSEh                         | 400
            sec-websocket-key     | sec-websocket-key: dGhlIHNhbXBsZSBub25jZSE=                         | 400
            sec-websocket-key     | sec-websocket-key: ************************                         | 400
            sec-websocket-key     | sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==&sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ== | 400
            content-length        | content-length: 5                                                   | 400
            transfer-encoding     | transfer-encoding: chunked                                          | 400
            """)
    void refusesABadHandshake(String replaced, String by, int status) {
        String response = server.connect()
                .send(handshake("GET " + RAW + " HTTP/1.1", replaced, by) + body(by))
                .response();
        assertThat(response)
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("\r\ncontent-type: application/problem+json\r\n")
                .contains("\"status\":" + status);
        if (status == 426) {
            assertThat(response).contains("\r\nupgrade: websocket\r\n").contains("\r\nsec-websocket-version: 13\r\n");
        }
        assertAllPlacesAreFree();
    }

    private static String body(String header) {
        if (header.startsWith("content-length")) {
            return "Hello";
        }
        return header.startsWith("transfer-encoding") ? "5\r\nHello\r\n0\r\n\r\n" : "";
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            POST,    405
            PUT,     405
            DELETE,  405
            OPTIONS, 204
            """)
    void refusesOtherMethods(String method, int status) {
        String response = server.connect()
                .send(handshake(method + " " + RAW + " HTTP/1.1", "-", ""))
                .head();
        assertThat(response).startsWith("HTTP/1.1 " + status + " ").contains("\r\nallow: GET, HEAD, OPTIONS\r\n");
        assertAllPlacesAreFree();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET     | /eventbus/websocket          | 426
            HEAD    | /eventbus/websocket          | 426
            OPTIONS | /eventbus/websocket          | 204
            POST    | /eventbus/websocket          | 405
            GET     | /eventbus/0/a/websocket      | 426
            GET     | /eventbus                    | 200
            GET     | /eventbus/info               | 200
            POST    | /eventbus/info               | 405
            POST    | /eventbus/0/a/xhr            | 404
            GET     | /eventbus/0/a/eventsource    | 404
            GET     | /eventbus/0/a/htmlfile?c=a   | 404
            GET     | /eventbus/0/a/jsonp?c=a      | 404
            GET     | /eventbus/iframe.html        | 404
            POST    | /eventbus/chunking_test      | 404
            GET     | /eventbus/../stats           | 404
            """)
    void answersRequestsThatAreNoHandshake(String method, String target, int status) {
        String response = server.connect()
                .request(method + " " + target + " HTTP/1.1", "host: greeter", "connection: close")
                .toEnd();
        assertThat(response).startsWith("HTTP/1.1 " + status + " ").contains("\r\nx-greeter-node: greeter-0\r\n");
        server.undeploy().await();
        assertThat(server.ledger.cut()).isZero();
    }

    @Test
    void ignoresAnUpgradeOfHttp10() {
        String response = server.connect()
                .send(handshake("GET " + RAW + " HTTP/1.0", "-", ""))
                .toEnd();
        assertThat(response).matches("(?s)HTTP/1\\.[01] 426 .*").contains("\"status\":426");
        assertAllPlacesAreFree();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connection: keep-alive, Upgrade",
                "connection: keep-alive&connection: upgrade",
                "connection: UPGRADE",
                "upgrade: WebSocket",
                "upgrade: h2c, websocket",
                "sec-websocket-protocol: chat, superchat",
                "sec-websocket-extensions: permessage-deflate; client_max_window_bits",
                "sec-websocket-extensions: x-made-up",
                "cookie: a=b",
                "content-length: 0",
            })
    void acceptsAGoodHandshake(String header) {
        String replaced = header.substring(0, header.indexOf(':'));
        String head = server.connect()
                .send(handshake("GET " + RAW + " HTTP/1.1", replaced, header))
                .head();
        assertThat(head)
                .startsWith("HTTP/1.1 101 ")
                .containsIgnoringCase("\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                .doesNotContainIgnoringCase("sec-websocket-protocol")
                .doesNotContainIgnoringCase("sec-websocket-extensions");
    }

    @Test
    void releasesAClientThatResetsAtOnce() {
        for (int i = 0; i < 20; i++) {
            RawClient client = server.connect();
            WebSocketPeer.ask(client, RAW);
            if (i % 2 == 0) {
                client.head();
            }
            client.reset();
        }
        assertAllPlacesAreFree();
    }

    @Test
    void releasesAClientThatClosesAtOnce() {
        for (int i = 0; i < 20; i++) {
            // the limit is two
            await().untilAsserted(() -> {
                try (RawClient client = server.connect()) {
                    WebSocketPeer.open(client, RAW);
                }
            });
        }
        assertAllPlacesAreFree();
    }

    @Test
    void releasesAClientThatSendsAlongWithTheHandshake() {
        for (String octets : List.of("\u0081\u0080\0\0\0\0", "\u0081", "\u0001\u0002", "GET / HTTP/1.1\r\n\r\n")) {
            RawClient client = server.connect();
            client.send(handshake("GET " + RAW + " HTTP/1.1", "-", "") + octets);
            client.close();
        }
        assertAllPlacesAreFree();
    }

    private void assertAllPlacesAreFree() {
        WebSocketPeer.awaitFreePlaces(server);
        log.assertQuiet();
    }
}
