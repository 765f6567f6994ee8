package dev.greeter.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.cli.options.Terminal;
import dev.greeter.testing.FakeServer;
import dev.greeter.testing.Machine;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StatsCommandTest {
    private static final String JSON = StatsSample.TWO_NODES.toJson().encode();

    @Test
    void printsATable() throws Exception {
        try (FakeServer server = FakeServer.answeringJson(200, JSON)) {
            assertThat(Cli.run("stats", server.target())).isEqualTo(Cli.done(StatsSample.TABLE));
            assertThat(server.request()).startsWith("GET /stats?scope=cluster HTTP/1.1\r\n");
        }
    }

    @Test
    void asksForOneNodeAtAPathOfItsOwn() throws Exception {
        try (FakeServer server = FakeServer.answeringJson(200, JSON)) {
            Cli.run("stats", server.target() + "/greeter/stats?a=b", "--scope", "node");
            assertThat(server.request()).startsWith("GET /greeter/stats?a=b&scope=node HTTP/1.1\r\n");
        }
    }

    @Test
    void printsTheDocumentAsItCame() throws IOException {
        String odd = JSON.replace(",", " , ");
        try (FakeServer server = FakeServer.answeringJson(200, odd + "\n")) {
            assertThat(Cli.run("stats", server.target(), "--json")).isEqualTo(Cli.done(odd + "\n"));
        }
    }

    @Test
    void saysThatItIsPartial() throws IOException {
        String partial = StatsSample.TWO_NODES.toJson().put("partial", true).encode();
        try (FakeServer server = FakeServer.answeringJson(200, partial)) {
            assertThat(Cli.run("stats", server.target()))
                    .isEqualTo(Cli.done(StatsSample.TABLE.replaceFirst(
                            "Z\n", "Z\npartial: some of the cluster does not answer, or was killed\n")));
        }
    }

    @Test
    void saysThatANodeIsDraining() throws IOException {
        String draining = JSON.replaceFirst("\"live\":true", "\"live\":true,\"draining\":true");
        try (FakeServer server = FakeServer.answeringJson(200, draining)) {
            assertThat(Cli.run("stats", server.target()).out()).contains("\ngreeter-0  draining        1,003 ");
        }
    }

    static Stream<Arguments> wrongAnswers() {
        return Stream.of(
                Arguments.of(200, "World", "answered HTTP/1.1 200 Status, and no stats"),
                Arguments.of(503, "{}", "answered HTTP/1.1 503 Status, and no stats"),
                Arguments.of(200, "{}", "answered wrong stats: scope is missing; allowed is cluster or node"));
    }

    @ParameterizedTest
    @MethodSource("wrongAnswers")
    void reportsAnAnswerThatIsNoStats(int status, String body, String why) throws IOException {
        try (FakeServer server = FakeServer.answeringJson(status, body)) {
            assertThat(Cli.run("stats", server.target()))
                    .isEqualTo(Cli.failed("greeter stats: http://" + server.target() + "/stats?scope=cluster: " + why));
        }
    }

    @Test
    void watchesOnThoughTheServerFailsInBetween() throws IOException {
        JsonObject later = StatsSample.TWO_NODES.toJson().put("node", "greeter-1");
        try (FakeServer server = FakeServer.that((peer, nth) -> {
            peer.readHead();
            if (nth != 1) {
                peer.write("HTTP/1.1 200 OK\r\n\r\n" + (nth == 0 ? JSON : later.encode()));
            }
        })) {
            Watch watch = Watch.start(false, "stats", server.target(), "--watch");
            watch.awaitOut(
                    StatsSample.TABLE + "\n" + StatsSample.TABLE.replaceFirst("by greeter-0", "by greeter-1") + "\n");
            assertThat(watch.stop())
                    .isEqualTo("greeter stats: http://" + server.target()
                            + "/stats?scope=cluster: closed before an answer\n");
        }
    }

    @Test
    void watchesInPlaceOnAScreen() throws IOException {
        try (FakeServer server = FakeServer.answeringJson(200, JSON)) {
            Watch watch = Watch.start(true, "stats", server.target(), "--watch");
            String frame = "\033[H\033[2J" + StatsSample.TABLE + "\n";
            watch.awaitOut(frame + frame);
            assertThat(watch.stop()).isEmpty();
        }
    }

    @Test
    void stopsWatchingWhenNobodyReads() throws IOException {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        Terminal pipe = new Terminal(new PrintStream(closed, true, UTF_8), System.err, false, true, false);
        try (FakeServer server = FakeServer.answeringJson(200, JSON)) {
            assertThat(Commands.run(Map.of(), pipe, (config, sources) -> 0, "stats", server.target(), "--watch"))
                    .isZero();
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void watchesNothingWhereThereWasNeverAnAnswer() throws IOException {
        String nobody = "localhost:" + Machine.freePort();
        assertThat(Cli.run("stats", nobody, "--watch"))
                .isEqualTo(Cli.failed("greeter stats: http://" + nobody + "/stats?scope=cluster: connection refused"));
    }

    @Test
    void refusesAnUnknownScope() {
        assertThat(Cli.run("stats", "--scope", "pod")).isEqualTo(Cli.misused("""
                                greeter stats: --scope: "pod" is none of cluster, node
                                Try 'greeter stats --help'."""));
    }

    @Test
    void refusesToWatchOneNodeOverTheEventBus() {
        assertThat(Cli.run("stats", "--watch", "--scope", "node", "--over", "event-bus"))
                .isEqualTo(Cli.misused("""
                                greeter stats: Over the event bus --watch shows the cluster; --scope node needs --over http
                                Try 'greeter stats --help'."""));
    }
}
