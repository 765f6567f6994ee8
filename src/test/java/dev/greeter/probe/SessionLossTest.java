package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.testing.FakeServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions: each line is an exchange, and what a connection takes along is more than one. */
class SessionLossTest {
    private static final Duration SHORT = Duration.ofMillis(400);

    /** Lines that a closed loop keeps unanswered on a connection. */
    private static final int WINDOW = 128;

    @Test
    void echoesEveryTokenOfASession() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.openSession("node-" + nth);
            answerAll(connection);
        })) {
            ScenarioResult result = Probing.run(
                    Mode.SESSION, Probing.greeting(server.port()), Load.openCount(5_000, 2_000), 2, Probing.TIMEOUT);
            assertThat(result.counts().answered()).isEqualTo(2_000);
            assertThat(result.counts().losses()).isEmpty();
            assertThat(result.nodes())
                    .extracting(ScenarioResult.NodeShare::node)
                    .containsExactlyInAnyOrder("node-0", "node-1");
            assertThat(result.nodes().stream()
                            .mapToLong(ScenarioResult.NodeShare::answered)
                            .sum())
                    .isEqualTo(2_000);
            assertThat(result.counts().connections()).isEqualTo(2);
        }
    }

    @Test
    void losesWhatAResetSessionHadNotAnswered() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.openSession("a");
            if (nth == 0) {
                answer(connection, 12);
                // that twelve more come shows that the client has read the twelve answers
                hearLines(connection, WINDOW);
                connection.reset();
            } else {
                answerAll(connection);
            }
        })) {
            ScenarioResult result = Probing.run(
                    Mode.SESSION, Probing.greeting(server.port()), Load.closedCount(1_000), 1, Probing.TIMEOUT);
            Probing.assertLosses(result, Map.of(Loss.Kind.RESET, (long) WINDOW));
            assertThat(result.counts().answered()).isEqualTo(1_000 - WINDOW);
            assertThat(result.counts().moved()).isZero();
        }
    }

    @Test
    void losesWhatAClosedSessionHadNotAnswered() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.openSession("a");
            if (nth == 0) {
                answer(connection, 12);
                hearLines(connection, WINDOW);
                connection.write("World hal");
            } else {
                answerAll(connection);
            }
        })) {
            ScenarioResult result = Probing.run(
                    Mode.SESSION, Probing.greeting(server.port()), Load.closedCount(1_000), 1, Probing.TIMEOUT);
            Probing.assertLosses(result, Map.of(Loss.Kind.CLOSED, (long) WINDOW));
            assertThat(result.counts().answered()).isEqualTo(1_000 - WINDOW);
        }
    }

    @Test
    void movesWhatADrainingSessionHadNotAnswered() throws IOException {
        AtomicInteger unanswered = new AtomicInteger();
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.openSession("node-" + nth);
            if (nth == 0) {
                answer(connection, 100);
                connection.write("Bye\n");
                unanswered.set(connection.endAndCountLines());
            } else {
                answerAll(connection);
            }
        })) {
            ScenarioResult result = Probing.run(
                    Mode.SESSION, Probing.greeting(server.port()), Load.closedCount(1_000), 1, Probing.TIMEOUT);
            assertThat(result.counts().losses()).isEmpty();
            assertThat(result.counts().answered()).isEqualTo(1_000);
            assertThat(result.counts().sent()).isEqualTo(1_000);
            assertThat(result.counts().moved()).isPositive().isEqualTo(unanswered.get());
            assertThat(result.nodes())
                    .extracting(ScenarioResult.NodeShare::node, ScenarioResult.NodeShare::answered)
                    .containsExactly(tuple("node-0", 100L), tuple("node-1", 900L));
        }
    }

    @Test
    void timesOutWhatAServerThatOnlySaysByeNeverAnswers() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.write("Bye\n");
            connection.endAndCountLines();
        })) {
            ScenarioResult result =
                    Probing.run(Mode.SESSION, Probing.greeting(server.port()), Load.openCount(100, 10), 1, SHORT);
            Probing.assertLosses(result, Map.of(Loss.Kind.TIMEOUT, 10L));
            assertThat(result.counts().moved()).isPositive();
            assertThat(server.accepted()).isLessThan(20);
        }
    }

    @Test
    void namesARejectedSessionByItsCodeAndClosesTheRest() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            if (nth == 0) {
                hearLines(connection, WINDOW + 2);
                connection.write("Error busy too many connections\n");
            } else {
                connection.openSession("a");
                answerAll(connection);
            }
        })) {
            ScenarioResult result = Probing.run(
                    Mode.SESSION, Probing.greeting(server.port()), Load.closedCount(1_000), 1, Probing.TIMEOUT);
            Probing.assertLosses(result, Map.of(Loss.Kind.REJECTED, 1L, Loss.Kind.CLOSED, WINDOW - 1L));
            assertThat(result.counts().rejected().keySet()).isSubsetOf("busy");
            assertThat(result.counts().answered()).isEqualTo(1_000 - WINDOW);
        }
    }

    /** What a server may say in a session beside the answers, and how often nobody asked for it. */
    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("World", 1),
                Arguments.of("GREETING/2", 1),
                Arguments.of("Node b", 1),
                Arguments.of("Wurst", 1),
                Arguments.of("Hello", 1),
                Arguments.of("", 1),
                Arguments.of("x".repeat(300), 1),
                // which a session that is idle for too long gets as well
                Arguments.of("Error timeout nothing was sent", 0));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void reportsLinesOfASessionThatAnswerNothing(String line, int unsolicited) throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.openSession("a");
            String first = connection.nextLine();
            // in one write, so that the next request is not yet sent when the line comes
            connection.write(String.valueOf(first).replace("Hello", "World") + "\n" + (nth == 0 ? line + "\n" : ""));
            answerAll(connection);
        })) {
            Report report = Probing.run(Probing.plan(
                    Mode.SESSION, Probing.greeting(server.port()), Load.openCount(10, 4), 1, Probing.TIMEOUT));
            ScenarioResult result = report.results().get(0);
            assertThat(result.counts().unsolicited()).isEqualTo(unsolicited);
            assertThat(result.counts().losses()).isEmpty();
            assertThat(result.counts().connections()).isEqualTo(2);
            assertThat(report.isWithinLimits()).isEqualTo(unsolicited == 0);
        }
    }

    @Test
    void reportsWhatComesBehindBye() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.openSession("a");
            String first = connection.nextLine();
            String world = String.valueOf(first).replace("Hello", "World") + "\n";
            if (nth == 0) {
                connection.write(world + "Bye\nWorld x\n");
                return;
            }
            connection.write(world);
            answerAll(connection);
        })) {
            ScenarioResult result = Probing.run(
                    Mode.SESSION, Probing.greeting(server.port()), Load.openCount(100, 10), 1, Probing.TIMEOUT);
            assertThat(result.counts().answered()).isEqualTo(10);
            assertThat(result.counts().unsolicited()).isEqualTo(1);
        }
    }

    @Test
    void replacesAStalledSessionAndCountsItsLateAnswers() throws IOException {
        CountDownLatch replaced = new CountDownLatch(1);
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.openSession("a");
            if (nth == 0) {
                String first = connection.nextLine();
                replaced.await();
                connection.write(String.valueOf(first).replace("Hello", "World") + "\n");
            } else {
                replaced.countDown();
            }
            answerAll(connection);
        })) {
            ScenarioResult result =
                    Probing.run(Mode.SESSION, Probing.greeting(server.port()), Load.openCount(20, 20), 1, SHORT);
            assertThat(result.counts().late()).isPositive();
            Probing.assertLosses(
                    result, Map.of(Loss.Kind.TIMEOUT, result.counts().late()));
            assertThat(result.counts().answered())
                    .isEqualTo(20 - result.counts().late());
            assertThat(result.counts().connections()).isEqualTo(2);
        }
    }

    private static void hearLines(FakeServer.Peer connection, int lines) throws IOException {
        for (int i = 0; i < lines; i++) {
            connection.nextLine();
        }
    }

    private static void answer(FakeServer.Peer connection, int lines) throws IOException {
        for (int i = 0; i < lines; i++) {
            String line = connection.nextLine();
            connection.write(line == null ? "" : line.replace("Hello", "World") + "\n");
        }
    }

    private static void answerAll(FakeServer.Peer connection) throws IOException {
        String line;
        while ((line = connection.nextLine()) != null) {
            connection.write(line.replace("Hello", "World") + "\n");
        }
    }
}
