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

class HelloCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"World", "World\n", "World\r\n"})
    void printsTheAnswer(String answer) throws IOException {
        try (FakeServer server = FakeServer.answering(answer)) {
            assertThat(hello(server)).isEqualTo(Cli.done("World\n"));
        }
    }

    @Test
    void sendsFiveOctetsAndNothingMore() throws Exception {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.read("Hello".length());
            peer.write("World");
            peer.halfClose();
            peer.readToTheEnd();
        })) {
            assertThat(hello(server)).isEqualTo(Cli.done("World\n"));
            assertThat(server.request()).isEqualTo("Hello");
        }
    }

    @Test
    void readsAnAnswerByteByByte() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.read("Hello".length());
            peer.writeByteByByte("World\r\n");
        })) {
            assertThat(hello(server)).isEqualTo(Cli.done("World\n"));
        }
    }

    @ParameterizedTest
    @CsvSource({"World,0,'World\n',''", "'Error busy later\n',1,'','answered Error busy later'"})
    void takesAWholeAnswerThoughAResetFollows(String answer, int code, String out, String why) throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.read("Hello".length());
            peer.write(answer);
            peer.reset();
        })) {
            String err = why.isEmpty() ? "" : "greeter hello: " + server.target() + ": " + why + "\n";
            assertThat(hello(server)).isEqualTo(new Cli(code, out, err));
        }
    }

    @Test
    void makesAConnectionForEachGreeting() throws IOException {
        try (FakeServer server = FakeServer.answering("World")) {
            assertThat(hello(server, "--count", "3")).isEqualTo(Cli.done("World\nWorld\nWorld\n"));
            assertThat(server.accepted()).isEqualTo(3);
        }
    }

    @Test
    void printsWhatWasAnsweredBeforeTheFirstFailure() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.read("Hello".length());
            peer.write(nth < 2 ? "World" : "");
        })) {
            assertThat(hello(server, "--count", "5"))
                    .isEqualTo(new Cli(
                            1, "World\nWorld\n", "greeter hello: " + server.target() + ": closed before an answer\n"));
        }
    }

    static Stream<Arguments> wrongAnswers() {
        return Stream.of(
                Arguments.of("", "closed before an answer"),
                Arguments.of("Wor", "answered \"Wor\", expected \"World\""),
                Arguments.of("World x", "answered \"World x\", expected \"World\""),
                Arguments.of("World\nWorld\n", "answered \"World\\nWorld\\n\", expected \"World\""),
                Arguments.of("\u001b[2J\u00e9", "answered \"\\x1b[2J\\xe9\", expected \"World\""),
                Arguments.of(
                        "Error busy too many connections, try again later\n",
                        "answered Error busy too many connections, try again later"),
                Arguments.of(
                        "\u0015\u0003\u0003\u0000\u0002\u0002\u0016",
                        "answered in TLS; a target over TLS is written tls://HOST:PORT"),
                Arguments.of(
                        "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
                        "answered \"HTTP/1.1 400 Bad Request\\r\\ncontent-length: 0\\r\\nconnection: clo\"..."
                                + ", expected \"World\""));
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void reportsAWrongAnswer(String answer, String why) throws IOException {
        try (FakeServer server = FakeServer.answering(answer)) {
            assertThat(hello(server)).isEqualTo(failed(server, why));
        }
    }

    @Test
    void hangsUpOnAnEndlessAnswer() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> peer.writeForEver("World"))) {
            assertThat(hello(server))
                    .isEqualTo(failed(server, "answered more than 258 octets, \"" + "World".repeat(12) + "\"..."));
        }
    }

    @Test
    void reportsAReset() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.read("Hello".length());
            peer.reset();
        })) {
            assertThat(hello(server)).isEqualTo(failed(server, "connection reset before an answer"));
        }
    }

    @ParameterizedTest
    @CsvSource({"'',before an answer", "Wor,after \"Wor\"", "World,after \"World\""})
    void givesUpOnAServerThatStalls(String answer, String progress) throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.write(answer);
            peer.stall();
        })) {
            assertThat(hello(server, "--timeout", "200ms")).isEqualTo(failed(server, "timeout of 200ms " + progress));
        }
    }

    @Test
    void reportsARefusedConnection() throws IOException {
        String nobody = "localhost:" + Machine.freePort();
        assertThat(Cli.run("hello", nobody)).isEqualTo(Cli.failed("greeter hello: " + nobody + ": connection refused"));
    }

    @Test
    void reachesAnIpv6Address() throws IOException {
        String nobody = "[::1]:" + Machine.freePort();
        assertThat(Cli.run("hello", nobody).err()).startsWith("greeter hello: " + nobody + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "", "x", "1e3", "0x1", "9223372036854775807", "9999999999999999999"})
    void refusesACountOfNone(String count) {
        assertThat(Cli.run("hello", "--count=" + count)).isEqualTo(Cli.misused("""
                                greeter hello: --count: "%s" is not a whole number from 1 to 999999999999999999
                                Try 'greeter hello --help'.""".formatted(count)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "0s", "61m", "-5s", "2h", "soon"})
    void refusesWhatIsNoDuration(String timeout) {
        assertThat(Cli.run("hello", "--timeout=" + timeout)).isEqualTo(Cli.misused("""
                                greeter hello: --timeout: "%s" is not a duration \
                                from 1ms to 60m, such as 500ms, 5s or 2m
                                Try 'greeter hello --help'.""".formatted(timeout)));
    }

    private static Cli hello(FakeServer server, String... options) {
        return Cli.run(Stream.concat(Stream.of("hello", server.target()), Stream.of(options))
                .toArray(String[]::new));
    }

    private static Cli failed(FakeServer server, String why) {
        return Cli.failed("greeter hello: " + server.target() + ": " + why);
    }
}
