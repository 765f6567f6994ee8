package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.Counts;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.testing.FakeServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions whose answers come in another order, twice, or with a token of someone else. */
class SessionOrderTest {
    private static final int LINES = 100;

    /** Lines that a closed loop keeps unanswered on a connection. */
    private static final int WINDOW = 128;

    /** What happens to the answers of a session, and what the probe counts: wrong, late, unsolicited. */
    static Stream<Arguments> disorders() {
        return Stream.of(
                disorder("a swapped pair", answers -> Collections.swap(answers, 5, 6), 1, 1, 0),
                disorder("a pair swapped at a distance", answers -> Collections.swap(answers, 5, 8), 3, 3, 0),
                disorder("an answer doubled at once", answers -> answers.add(4, world(3)), 0, 0, 1),
                disorder("an old answer doubled", answers -> answers.add(50, world(3)), 0, 0, 1),
                disorder("the last answer doubled", answers -> answers.add(world(LINES - 1)), 0, 0, 1),
                disorder(
                        "a late answer doubled",
                        answers -> {
                            Collections.swap(answers, 5, 6);
                            answers.add(50, world(5));
                        },
                        1,
                        1,
                        1),
                disorder("someone else's answer in place of one", answers -> answers.set(5, "World x-5"), 1, 0, 0),
                disorder("someone else's answer between", answers -> answers.add(5, "World x-5"), 1, 1, 0),
                disorder("no token in place of one", answers -> answers.set(5, "World"), 1, 0, 0),
                disorder("an answer before its question", answers -> answers.add(5, world(LINES)), 1, 1, 0),
                disorder("a line that is no answer between", answers -> answers.add(5, "Node b"), 1, 1, 0));
    }

    private static Arguments disorder(
            String name, Consumer<List<String>> change, long wrong, long late, long unsolicited) {
        return Arguments.argumentSet(name, change, wrong, late, unsolicited);
    }

    @ParameterizedTest
    @MethodSource("disorders")
    void losesNoMoreThanWhatIsOutOfPlace(Consumer<List<String>> change, long wrong, long late, long unsolicited)
            throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.openSession("a");
            List<String> answers = answers(connection, LINES);
            change.accept(answers);
            connection.write(String.join("\n", answers) + "\n");
            connection.readToTheEnd();
        })) {
            ScenarioResult result = Probing.run(
                    Mode.SESSION, Probing.greeting(server.port()), Load.closedCount(LINES), 1, Probing.TIMEOUT);
            assertCounts(result, LINES, wrong, late, unsolicited);
        }
    }

    @Test
    void namesAnswersThatChangedTheirSessionsWrong() throws IOException {
        assertCounts(
                twoSessions((first, second) -> {
                    first.set(5, world(WINDOW + 7));
                    second.set(7, world(5));
                }),
                2 * WINDOW,
                2,
                0,
                0);
    }

    @Test
    void losesNoMoreThanOneByAnAnswerOfAnotherSession() throws IOException {
        assertCounts(twoSessions((first, second) -> second.add(7, world(5))), 2 * WINDOW, 1, 1, 0);
    }

    private interface Change {
        void of(List<String> first, List<String> second);
    }

    /** Of as many lines as both take at once; in a closed loop the first one has the first half of them. */
    private static ScenarioResult twoSessions(Change change) throws IOException {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        for (int i = 0; i < WINDOW; i++) {
            first.add(world(i));
            second.add(world(WINDOW + i));
        }
        change.of(first, second);
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.openSession("a");
            boolean isFirst = answers(connection, WINDOW).get(0).equals(world(0));
            connection.write(String.join("\n", isFirst ? first : second) + "\n");
            connection.readToTheEnd();
        })) {
            return Probing.run(
                    Mode.SESSION, Probing.greeting(server.port()), Load.closedCount(2 * WINDOW), 2, Probing.TIMEOUT);
        }
    }

    /** The right ones to the next lines. */
    private static List<String> answers(FakeServer.Peer connection, int lines) throws IOException {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            answers.add(String.valueOf(connection.nextLine()).replace("Hello", "World"));
        }
        return answers;
    }

    private static String world(int number) {
        return "World test-" + number;
    }

    private static void assertCounts(ScenarioResult result, long sent, long wrong, long late, long unsolicited) {
        Counts counts = result.counts();
        Probing.assertLosses(result, wrong == 0 ? Map.of() : Map.of(Loss.Kind.WRONG, wrong));
        assertThat(counts.answered()).isEqualTo(sent - wrong);
        assertThat(counts.late()).isEqualTo(late);
        assertThat(counts.unsolicited()).isEqualTo(unsolicited);
    }

    @Test
    void namesAnswersWithAnotherTokenWrong() throws IOException {
        assertWrongOfAHundred(50, number -> switch (number % 10) {
            case 3 -> "World test-x\n";
            case 5 -> "World somebody-" + number + "\n";
            case 7 -> "World test-" + (number + 5_000) + "\n";
            case 8 -> "World\n";
            case 9 -> "Wurst test-" + number + "\n";
            default -> "World test-" + number + "\n";
        });
    }

    @Test
    void namesWhatAnAnswerSkippedWrong() throws IOException {
        assertWrongOfAHundred(20, number -> number % 10 == 3 || number % 10 == 4 ? "" : "World test-" + number + "\n");
    }

    /** @param answer to the line of this number */
    private static void assertWrongOfAHundred(long wrong, IntFunction<String> answer) throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.openSession("a");
            for (int number = 0; connection.nextLine() != null; number++) {
                connection.write(answer.apply(number));
            }
        })) {
            ScenarioResult result = Probing.run(
                    Mode.SESSION, Probing.greeting(server.port()), Load.closedCount(100), 1, Probing.TIMEOUT);
            Probing.assertLosses(result, Map.of(Loss.Kind.WRONG, wrong));
            assertThat(result.counts().answered()).isEqualTo(100 - wrong);
        }
    }

    @Test
    void reportsAnswersThatComeTwiceAndLosesNothingByThem() throws IOException {
        try (FakeServer server = FakeServer.that((connection, nth) -> {
            connection.openSession("a");
            String line;
            while ((line = connection.nextLine()) != null) {
                String world = line.replace("Hello", "World") + "\n";
                connection.write(world + world);
            }
        })) {
            ScenarioResult result = Probing.run(
                    Mode.SESSION, Probing.greeting(server.port()), Load.openCount(100, 20), 2, Probing.TIMEOUT);
            assertThat(result.counts().answered()).isEqualTo(20);
            assertThat(result.counts().unsolicited()).isBetween(1L, 20L);
        }
    }
}
