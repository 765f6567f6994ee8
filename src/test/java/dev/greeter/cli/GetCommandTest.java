package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.FakeServer;
import dev.greeter.testing.Machine;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GetCommandTest {
    private static final String PAGE = "<h1>Hello, World!</h1>";

    static Stream<Arguments> responses() {
        return Stream.of(
                Arguments.of(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 22\r\n\r\n" + PAGE,
                        "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 22\n\n" + PAGE),
                Arguments.of("HTTP/1.1 200 OK\r\n\r\n" + PAGE, "HTTP/1.1 200 OK\n\n" + PAGE),
                Arguments.of("HTTP/1.0 200\r\n\r\n" + PAGE, "HTTP/1.0 200\n\n" + PAGE),
                Arguments.of(
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
                                + "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
                                + "HTTP/1.1 200 OK\r\ncontent-length: 22\r\n\r\n" + PAGE,
                        "HTTP/1.1 200 OK\ncontent-length: 22\n\n" + PAGE),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: Chunked\r\n\r\n16;a=b;c=\"d\"\r\n" + PAGE
                                + "\r\n0\r\nx-trailer: y\r\n\r\n",
                        "HTTP/1.1 200 OK\nTRANSFER-ENCODING: Chunked\n\n" + PAGE),
                Arguments.of(
                        "HTTP/1.1 200 OK\nx: y\ncontent-length: 22\n\n" + PAGE,
                        "HTTP/1.1 200 OK\nx: y\ncontent-length: 22\n\n" + PAGE),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\nx: a\r\n  b\r\ncontent-length: 22\r\n\r\n" + PAGE,
                        "HTTP/1.1 200 OK\nx: a b\ncontent-length: 22\n\n" + PAGE),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\ncontent-length: 22\r\ncontent-length: 22\r\n\r\n" + PAGE,
                        "HTTP/1.1 200 OK\ncontent-length: 22\n\n" + PAGE),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\ncontent-length: 22\r\n\r\n" + PAGE + "more",
                        "HTTP/1.1 200 OK\ncontent-length: 22\n\n" + PAGE),
                Arguments.of(
                        "HTTP/1.1 304 Not Modified\r\ncontent-length: 22\r\n\r\n",
                        "HTTP/1.1 304 Not Modified\ncontent-length: 22\n\n"),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<h1>\r\n12\r\nHello, World!</h1>\r\n0\r\n\r\n",
                        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n" + PAGE),
                Arguments.of("HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 204 No Content\n\n"),
                Arguments.of(
                        "HTTP/1.1 302 Found\r\nlocation: /there\r\ncontent-length: 0\r\n\r\n",
                        "HTTP/1.1 302 Found\nlocation: /there\ncontent-length: 0\n\n"));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void printsTheWholeResponse(String response, String printed) throws IOException {
        try (FakeServer server = FakeServer.answeringHttp(response)) {
            assertThat(get(server)).isEqualTo(Cli.done(printed));
        }
    }

    @ParameterizedTest
    @MethodSource("responses")
    void printsAResponseThatComesByteByByte(String response, String printed) throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readHead();
            peer.writeByteByByte(response);
        })) {
            assertThat(get(server)).isEqualTo(Cli.done(printed));
        }
    }

    @Test
    void asksForOneAnswerOnAConnectionOfItsOwn() throws Exception {
        try (FakeServer server = FakeServer.answeringHttp("HTTP/1.1 204 No Content\r\n\r\n")) {
            assertThat(Cli.run("get", server.target() + "/stats?scope=node").code())
                    .isZero();
            assertThat(server.request())
                    .isEqualTo(
                            "GET /stats?scope=node HTTP/1.1\r\nhost: %s\r\naccept: */*\r\nuser-agent: greeter/development\r\nconnection: close\r\n\r\n"
                                    .formatted(server.target()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"404 Not Found", "500 Internal Server Error", "503 Service Unavailable"})
    void printsAnErrorsResponseAndFails(String status) throws IOException {
        try (FakeServer server = FakeServer.answeringHttp("HTTP/1.1 " + status + "\r\ncontent-length: 4\r\n\r\nnone")) {
            assertThat(get(server)).isEqualTo(new Cli(1, "HTTP/1.1 " + status + "\ncontent-length: 4\n\nnone", ""));
        }
    }

    @Test
    void printsWhatCameOfABodyThatIsCutShort() throws IOException {
        try (FakeServer server = FakeServer.answeringHttp("HTTP/1.1 200 OK\r\ncontent-length: 22\r\n\r\n<h1>")) {
            assertThat(get(server))
                    .isEqualTo(new Cli(
                            1,
                            "HTTP/1.1 200 OK\ncontent-length: 22\n\n<h1>",
                            line(server, "closed after 4 octets of the body")));
        }
    }

    @Test
    void printsWhatCameOfABodyThatStalls() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\ncontent-length: 22\r\n\r\n<h1>");
            peer.stall();
        })) {
            assertThat(get(server, "--timeout=500ms"))
                    .isEqualTo(new Cli(
                            1,
                            "HTTP/1.1 200 OK\ncontent-length: 22\n\n<h1>",
                            line(server, "timeout of 500ms after 4 octets of the body")));
        }
    }

    @Test
    void cutsAnEndlessBody() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\n\r\n");
            peer.writeForEver("World".repeat(1_000));
        })) {
            Cli cli = get(server, "--timeout=60s");
            assertThat(cli.err()).isEqualTo(line(server, "cut after 16777216 octets of the body"));
            assertThat(cli.out()).hasSize("HTTP/1.1 200 OK\n\n".length() + 16_777_216);
            assertThat(cli.code()).isEqualTo(1);
        }
    }

    static Stream<Arguments> noHttp() {
        return Stream.of(
                Arguments.of("", "closed before an answer"),
                Arguments.of("World", "closed before an answer"),
                Arguments.of("World\r\n", "no HTTP (invalid version format: WORLD) before an answer"),
                Arguments.of("HTTP/2.0 200 OK\r\n\r\n", "answered \"HTTP/2.0\", expected HTTP/1.1"),
                Arguments.of("RTSP/1.0 200 OK\r\n\r\n", "no HTTP (invalid version format: RTSP/1.0) before an answer"),
                Arguments.of("HTTP/1.1 200 OK\r\nx: y\r\n", "closed before an answer"),
                Arguments.of("HTTP/1.1 100 Continue\r\n\r\n", "closed before an answer"),
                Arguments.of(
                        "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n",
                        "switched protocols, which nobody asked for"),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nx",
                        "answered in the transfer coding \"gzip\", which nobody asked for"),
                Arguments.of(
                        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nWorld",
                        "no HTTP (Multiple Content-Length values found: [5, 6]) before an answer"));
    }

    @ParameterizedTest
    @MethodSource("noHttp")
    void reportsWhatIsNoHttp(String answer, String why) throws IOException {
        try (FakeServer server = FakeServer.answeringHttp(answer)) {
            assertThat(get(server)).isEqualTo(failed(server, why));
        }
    }

    @ParameterizedTest
    @CsvSource({"x", "'x: '"})
    void hangsUpOnAnEndlessHead(String text) throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\n");
            peer.writeForEver(text);
        })) {
            assertThat(get(server)).isEqualTo(failed(server, "the response's head is over 65536 octets"));
        }
    }

    @Test
    void readsALongHead() throws IOException {
        String cookie = "set-cookie: a=" + "x".repeat(60_000);
        try (FakeServer server =
                FakeServer.answeringHttp("HTTP/1.1 200 OK\r\n" + cookie + "\r\ncontent-length: 0\r\n\r\n")) {
            assertThat(get(server)).isEqualTo(Cli.done("HTTP/1.1 200 OK\n" + cookie + "\ncontent-length: 0\n\n"));
        }
    }

    @Test
    void reportsAChunkThatIsNone() throws IOException {
        try (FakeServer server =
                FakeServer.answeringHttp("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nWorld\r\nx\r\n")) {
            Cli run = get(server);
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.out()).endsWith("\n\nWorld");
            assertThat(run.err()).contains(": no HTTP (").endsWith(" after 5 octets of the body\n");
        }
    }

    @Test
    void isNotWholeWhenAResetEndsABodyWithoutLength() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readHead();
            peer.write("HTTP/1.1 200 OK\r\n\r\nWorld");
            peer.reset();
        })) {
            Cli run = get(server);
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains(": connection reset ");
        }
    }

    @Test
    void reportsAReset() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readHead();
            peer.reset();
        })) {
            assertThat(get(server)).isEqualTo(failed(server, "connection reset before an answer"));
        }
    }

    @Test
    void givesUpOnAServerThatStalls() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> peer.stall())) {
            assertThat(get(server, "--timeout=200ms")).isEqualTo(failed(server, "timeout of 200ms before an answer"));
        }
    }

    @Test
    void reportsARefusedConnection() throws IOException {
        String nobody = "http://localhost:" + Machine.freePort() + "/";
        assertThat(Cli.run("get", nobody)).isEqualTo(Cli.failed("greeter get: " + nobody + ": connection refused"));
    }

    @Test
    void reportsAServerWithoutTls() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.read(1);
            peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
            peer.stall();
        })) {
            assertThat(Cli.run("get", "https://" + server.target()).err())
                    .startsWith(
                            "greeter get: https://" + server.target() + "/: TLS failed, the server does not speak TLS")
                    .hasLineCount(1);
        }
    }

    @Test
    void showsNoPassword() {
        assertThat(Cli.run("get", "http://user:secret@localhost/a@b")).isEqualTo(Cli.misused("""
                                greeter get: "http://***@localhost/a@b" is not a URL such as http://localhost:8080/: \
                                it names a user, which no request here has
                                Try 'greeter get --help'."""));
    }

    private static Cli get(FakeServer server, String... options) {
        return Cli.run(Stream.concat(Stream.of("get", "http://" + server.target()), Stream.of(options))
                .toArray(String[]::new));
    }

    private static Cli failed(FakeServer server, String why) {
        return new Cli(1, "", line(server, why));
    }

    private static String line(FakeServer server, String why) {
        return "greeter get: http://" + server.target() + "/: " + why + "\n";
    }
}
