package dev.greeter.http.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.config.Config;
import dev.greeter.http.TestServer;
import dev.greeter.testing.RawClient;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The origins of pages that may use the bridge (RFC 6454). */
class BridgeOriginTest {
    private static final List<String> PATHS = List.of(WebSocketPeer.RAW, WebSocketPeer.SOCKJS);

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.web();
        server.changeLimit(100);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Config.Bridge bridge(boolean trustForwardedProto) {
        return new Config.Bridge(
                100,
                1_024,
                10,
                List.of("https://wall.example", "http://[::1]:3000", "http://Other.Example:80"),
                trustForwardedProto);
    }

    private void assertAllowed(boolean allowed, String host, String... headers) {
        String[] all = Stream.concat(
                        Stream.of(
                                "host: " + host,
                                "upgrade: websocket",
                                "connection: Upgrade",
                                "sec-websocket-version: 13",
                                "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=="),
                        Stream.of(headers))
                .toArray(String[]::new);
        for (String path : PATHS) {
            assertThat(ask("GET " + path + " HTTP/1.1", all)).isEqualTo(allowed ? 101 : 403);
        }
        assertThat(ask(
                        "GET /eventbus/info HTTP/1.1",
                        Stream.concat(Stream.of("host: " + host), Stream.of(headers))
                                .toArray(String[]::new)))
                .isEqualTo(allowed ? 200 : 403);
    }

    private int ask(String line, String... headers) {
        try (RawClient client = server.connect()) {
            String head = client.request(
                            Stream.concat(Stream.of(line), Stream.of(headers)).toArray(String[]::new))
                    .head();
            return Integer.parseInt(head.split(" ", 3)[1]);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            greeter,             http://greeter
            greeter,             https://greeter
            greeter,             http://greeter:80
            greeter,             https://greeter:443
            greeter:80,          http://greeter
            greeter:443,         https://greeter
            greeter:8080,        http://greeter:8080
            greeter:8080,        https://greeter:8080
            GREETER,             http://greeter
            greeter,             HTTP://Greeter
            127.0.0.1:8080,      http://127.0.0.1:8080
            [::1]:8080,          http://[::1]:8080
            [0:0:0:0:0:0:0:1],   http://[::1]
            [FE80::A],           https://[fe80::a]
            my_service.test,     http://my_service.test
            greeter.,            http://greeter.
            anything,            https://wall.example
            anything,            https://WALL.example:443
            anything,            http://other.example
            anything,            http://[::1]:3000
            anything,            http://[0:0::1]:3000
            """)
    void allows(String host, String origin) {
        server.bridge.change(bridge(false));
        assertAllowed(true, host, "origin: " + origin);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            greeter,        http://greeter:81
            greeter,        http://greeter:443
            greeter,        https://greeter:80
            greeter:80,     https://greeter
            greeter:443,    http://greeter
            greeter:8080,   http://greeter
            greeter,        http://greeter:8080
            greeter,        http://greeter.
            greeter,        http://greeter.evil.example
            greeter,        http://evil.greeter
            greeter,        http://greeter@evil.example
            greeter,        http://me@greeter
            greeter,        http://greeter/
            greeter,        http://greeter/path
            greeter,        ws://greeter
            greeter,        greeter
            greeter,        //greeter
            greeter,        http://
            greeter,        http://greeter http://greeter
            greeter,        'http://greeter, http://greeter'
            greeter,        null
            null,           null
            greeter,        ''
            [::1],          http://[::2]
            [::1],          http://[::1
            greeter,        https://wall.example:8443
            greeter,        http://wall.example
            greeter,        https://wall.example.
            greeter,        https://wall.example.evil.example
            greeter,        http://[::1]:3001
            """)
    void refuses(String host, String origin) {
        server.bridge.change(bridge(false));
        assertAllowed(false, host, "origin: " + origin);
    }

    @Test
    void refusesTwoOrigins() {
        server.bridge.change(bridge(false));
        assertAllowed(false, "greeter", "origin: http://greeter", "origin: http://greeter");
    }

    @Test
    void allowsClientsWithoutAnOrigin() {
        server.bridge.change(bridge(false));
        assertAllowed(true, "greeter");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            http://greeter,      http
            https://greeter,     https
            https://greeter,     HTTPS
            https://greeter,     wss
            http://greeter,      ws
            https://greeter:443, 'https, http'
            https://wall.example, http
            """)
    void acceptsTheSchemeOfATrustedProxy(String origin, String proto) {
        server.bridge.change(bridge(true));
        assertAllowed(true, "greeter", "origin: " + origin, "x-forwarded-proto: " + proto);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            http://greeter,  https
            https://greeter, http
            https://greeter, 'http, https'
            https://greeter, gopher
            http://greeter,  ''
            """)
    void refusesAnotherSchemeThanThatOfATrustedProxy(String origin, String proto) {
        server.bridge.change(bridge(true));
        assertAllowed(false, "greeter", "origin: " + origin, "x-forwarded-proto: " + proto);
    }

    @Test
    void acceptsItsOwnSchemeIfATrustedProxySendsNone() {
        server.bridge.change(bridge(true));
        assertAllowed(true, "greeter", "origin: http://greeter");
        assertAllowed(false, "greeter", "origin: https://greeter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https", "gopher"})
    void ignoresTheSchemeOfAnUntrustedProxy(String proto) {
        server.bridge.change(bridge(false));
        assertAllowed(true, "greeter", "origin: https://greeter", "x-forwarded-proto: " + proto);
        assertAllowed(false, "greeter", "origin: https://evil.example", "x-forwarded-host: evil.example");
        assertAllowed(false, "greeter", "origin: https://evil.example", "forwarded: host=evil.example;proto=https");
    }
}
