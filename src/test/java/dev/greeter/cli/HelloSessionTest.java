package dev.greeter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.testing.FakeServer;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code greeter hello --session}. */
class HelloSessionTest {
    @Test
    void printsEachAnswer() throws Exception {
        try (FakeServer server = FakeServer.that(HelloSessionTest::serve)) {
            assertThat(session(server, "--count=3")).isEqualTo(Cli.done("World\nWorld\nWorld\n"));
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(server.request())
                    .matches("GREETING/2\n(Hello [0-9a-f]+-1\n)(Hello [0-9a-f]+-2\n)(Hello [0-9a-f]+-3\n)");
        }
    }

    @Test
    void printsTheNodesNameFirst() throws Exception {
        try (FakeServer server = FakeServer.that(HelloSessionTest::serve)) {
            assertThat(Cli.run("hello", server.target(), "--who")).isEqualTo(Cli.done("Node greeter-0\nWorld\n"));
            assertThat(server.request()).matches("GREETING/2\nWho\nHello [0-9a-f]+-1\n");
        }
    }

    @Test
    void pipelinesMoreThanTheSocketsHold() throws IOException {
        int count = 300_000;
        try (FakeServer server = FakeServer.that(HelloSessionTest::serveFast)) {
            Cli cli = session(server, "--count=" + count, "--timeout=60s");
            assertThat(cli).isEqualTo(Cli.done("World\n".repeat(count)));
        }
    }

    @Test
    void readsAnswersByteByByte() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readLine();
            peer.writeByteByByte("GREETING/2\r\nWorld " + peer.readToken() + "\r\n");
        })) {
            assertThat(session(server)).isEqualTo(Cli.done("World\n"));
        }
    }

    @Test
    void goesOnElsewhereAfterABye() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readLine();
            peer.write("GREETING/2\n");
            int served = nth == 0 ? 2 : 1;
            for (int i = 0; i < served; i++) {
                peer.write("World " + peer.readToken() + "\n");
            }
            if (nth == 0) {
                peer.write("Bye\n");
                peer.stall();
            }
        })) {
            assertThat(session(server, "--count=3")).isEqualTo(Cli.done("World\nWorld\nWorld\n"));
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void givesUpOnAServerThatOnlySaysBye() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.write("GREETING/2\nBye\n");
            peer.stall();
        })) {
            assertThat(session(server, "--count=3")).isEqualTo(failed(server, "drains, and answered none of 3"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "World|answered \"World\", expected \"GREETING/2\"",
                "GREETING/2 World x|answered \"World x\", expected \"Node\" and its name",
                "Error busy try later|answered Error busy try later",
                "Error|answered \"Error\", expected \"GREETING/2\"",
                "|closed before an answer",
            },
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true)
    void reportsAWrongAnswer(String answer, String why) throws IOException {
        String lines = answer == null ? "" : answer.replace("GREETING/2 ", "GREETING/2\n") + "\n";
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.write(lines);
            peer.halfClose();
            peer.stall();
        })) {
            assertThat(session(server, "--who")).isEqualTo(failed(server, why));
        }
    }

    @Test
    void reportsAnAnswerThatIsNotForIt() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.write("GREETING/2\nWorld other\n");
            peer.stall();
        })) {
            Cli cli = session(server);
            assertThat(cli.err())
                    .matches("greeter hello: " + server.target()
                            + ": answered \"World other\", expected \"World [0-9a-f]+-1\"\n");
            assertThat(cli.code()).isEqualTo(1);
        }
    }

    @Test
    void reportsAnAnswerTooMany() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readLine();
            peer.write("GREETING/2\nWorld " + peer.readToken() + "\nWorld\n");
            peer.stall();
        })) {
            assertThat(session(server))
                    .isEqualTo(new Cli(
                            1,
                            "World\n",
                            "greeter hello: " + server.target() + ": answered \"World\", expected the close\n"));
        }
    }

    @Test
    void reportsHowManyWereAnsweredBeforeTheClose() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readLine();
            peer.write("GREETING/2\nWorld " + peer.readToken() + "\nWor");
            peer.halfClose();
            peer.stall();
        })) {
            assertThat(session(server, "--count=3"))
                    .isEqualTo(new Cli(
                            1, "World\n", "greeter hello: " + server.target() + ": closed after 1 of 3 answers\n"));
        }
    }

    @Test
    void reportsHowManyWereAnsweredBeforeTheTimeout() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readLine();
            peer.write("GREETING/2\nWorld " + peer.readToken() + "\n");
            peer.stall();
            peer.hold();
        })) {
            assertThat(session(server, "--timeout=200ms"))
                    .isEqualTo(new Cli(
                            1,
                            "World\n",
                            "greeter hello: " + server.target() + ": timeout of 200ms after 1 of 1 answers\n"));
        }
    }

    @Test
    void reportsHowManyWereAnsweredBeforeAReset() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readLine();
            peer.write("GREETING/2\n");
            peer.readToTheEnd();
            peer.reset();
        })) {
            assertThat(session(server, "--count=3")).isEqualTo(failed(server, "connection reset after 0 of 3 answers"));
        }
    }

    @Test
    void hangsUpOnAnEndlessLine() throws IOException {
        try (FakeServer server = FakeServer.that((peer, nth) -> peer.writeForEver("World"))) {
            assertThat(session(server))
                    .isEqualTo(failed(server, "answered \"a line of more than 256 octets\", expected \"GREETING/2\""));
        }
    }

    private static void serve(FakeServer.Peer peer, int nth) throws IOException {
        String line = peer.readLine();
        while (!line.isEmpty()) {
            peer.write(
                    switch (line) {
                        case "GREETING/2" -> "GREETING/2\n";
                        case "Who" -> "Node greeter-0\n";
                        default -> line.replace("Hello", "World") + "\n";
                    });
            line = peer.readLine();
        }
    }

    private static void serveFast(FakeServer.Peer peer, int nth) throws IOException {
        peer.copyReplacing("Hello", "World");
    }

    private static Cli session(FakeServer server, String... options) {
        return Cli.run(Stream.concat(Stream.of("hello", server.target(), "--session"), Stream.of(options))
                .toArray(String[]::new));
    }

    private static Cli failed(FakeServer server, String why) {
        return Cli.failed("greeter hello: " + server.target() + ": " + why);
    }
}
