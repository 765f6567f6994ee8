package dev.greeter.process.cluster;

import static dev.greeter.testing.ClusterNodes.answered;
import static dev.greeter.testing.ClusterNodes.isPartial;
import static dev.greeter.testing.ClusterNodes.live;
import static dev.greeter.testing.ClusterNodes.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.ClusterNodes;
import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.GreetingLoad;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes that started at once, as one cluster, for all tests; some bring a fourth. What is counted adds up from test
 * to test, so each looks at what it added.
 */
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterIT {
    /** The most that is missing of what a killed node had answered: what it wrote last is a second old, and then some. */
    private static final Duration LOST_AT_MOST = Duration.ofMillis(1_500);

    /** Twice as long as a cluster waits for a silent member; {@code -Dgreeter.pause=30} sets another. */
    private static final Duration PAUSE = Duration.ofSeconds(Integer.getInteger("greeter.pause", 20));

    private ClusterNodes cluster;
    private long greetings;
    private long pages;

    @BeforeAll
    void startAtOnce(@TempDir Path folder) throws Exception {
        cluster = new ClusterNodes(folder, List.of("a", "b", "c", "d"), "exchangeLog.maxPerSecond=0");
        cluster.start("a", "b", "c");
        cluster.awaitLive("a", "b", "c");
    }

    @AfterAll
    void close() {
        cluster.close();
    }

    @Test
    void agreesEverywhereOnWhatClientsGot() throws Exception {
        before();
        try (GreetingLoad load = load("a", "b", "c")) {
            load.stop();
            assertThat(load.lost).isEmpty();
            cluster.awaitAnswered(greetings + load.greeted(), pages + load.got());
        }
        cluster.awaitEach((name, stats) -> {
            assertThat(rows(stats))
                    .extracting(row -> row.getString("node"))
                    .as(name)
                    .contains("a", "b", "c");
            assertThat(rows(stats).stream()
                            .filter(row -> row.getBoolean("live"))
                            .mapToLong(row -> answered(row, "greeting")))
                    .as(name)
                    .allMatch(count -> count > 0);
            assertThat(stats.getJsonObject("latency").getJsonObject("http").getLong("max"))
                    .as(name)
                    .isPositive();
        });
    }

    @Test
    void hasAllThatANodeCountedThatLeft() throws Exception {
        before();
        cluster.start("d");
        cluster.awaitLive("a", "b", "c", "d");
        try (GreetingLoad load = load("a", "d")) {
            GreeterProcess left = cluster.gone("d");
            left.signal("TERM");
            assertThat(left.exitCode()).as(left.output()).isZero();
            load.stop();
            assertThat(load.lost).isEmpty();
            assertThat(left.line("stopped").getLong("http.answered")).isPositive();
            cluster.awaitAnswered(greetings + load.greeted(), pages + load.got());
        }
        cluster.awaitLive("a", "b", "c");
    }

    /** Stats are partial for minutes from then on, so the other tests come before. */
    @Test
    @Order(Integer.MAX_VALUE)
    void missesAtMostASecondOfANodeThatWasKilledAndCountsOnWhenItIsBack() throws Exception {
        before();
        cluster.start("d");
        cluster.awaitLive("a", "b", "c", "d");
        long counted;
        try (GreetingLoad load = load("d")) {
            Deque<Map.Entry<Long, Long>> got = new ArrayDeque<>();
            long until = System.nanoTime() + Duration.ofSeconds(4).toNanos();
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                got.add(Map.entry(System.nanoTime(), load.greeted() + load.got()));
                return System.nanoTime() > until;
            });
            cluster.gone("d").signal("KILL");
            long killed = System.nanoTime();
            load.stop();
            cluster.awaitEach((name, stats) -> assertThat(live(stats)).as(name).containsExactly("a", "b", "c"));
            counted = greetingsNow() + pagesNow() - greetings - pages;
            assertThat(counted).isLessThanOrEqualTo(load.greeted() + load.got() + load.lost.size() * 16L);
            long whenItHadAnsweredAsMuch = got.stream()
                    .filter(at -> at.getValue() <= counted)
                    .mapToLong(Map.Entry::getKey)
                    .max()
                    .orElseThrow();
            assertThat(Duration.ofNanos(killed - whenItHadAnsweredAsMuch)).isLessThan(LOST_AT_MOST);
            cluster.awaitEach(
                    (name, stats) -> assertThat(isPartial(stats)).as(name).isTrue());
        }
        long greetingsThen = greetingsNow();
        long pagesThen = pagesNow();
        cluster.start("d");
        cluster.awaitNames("a", "b", "c", "d");
        try (GreetingLoad load = load("d")) {
            load.stop();
            cluster.awaitAnswered(greetingsThen + load.greeted(), pagesThen + load.got());
        }
        assertThat(isPartial(cluster.stats())).isTrue();
        GreeterProcess left = cluster.gone("d");
        left.signal("TERM");
        assertThat(left.exitCode()).isZero();
    }

    @Test
    void answersWithoutANodeThatStandsStillAndIsWholeAgainWhenItGoesOn() throws Exception {
        before();
        try (GreetingLoad load = load("a", "b", "c")) {
            load.stop();
            greetings += load.greeted();
            pages += load.got();
        }
        cluster.awaitAnswered(greetings, pages);
        cluster.node("c").signal("STOP");
        GreeterProcess stopped = cluster.gone("c");
        long since = System.nanoTime();
        cluster.awaitEach((name, stats) -> assertThat(isPartial(stats)).as(name).isTrue());
        try (GreetingLoad load = load("a", "b")) {
            await().atMost(PAUSE.multipliedBy(2)).until(() -> System.nanoTime() - since > PAUSE.toNanos());
            load.stop();
            assertThat(load.lost).isEmpty();
            greetings += load.greeted();
            pages += load.got();
        }
        cluster.awaitAnswered(greetings, pages);
        stopped.signal("CONT");
        cluster.back("c", stopped);
        try (GreetingLoad load = load("a", "b", "c")) {
            load.stop();
            assertThat(load.lost).isEmpty();
            greetings += load.greeted();
            pages += load.got();
        }
        cluster.awaitLive("a", "b", "c");
        cluster.awaitAnswered(greetings, pages);
    }

    /** What all have counted, once they agree. */
    private void before() {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            greetings = greetingsNow();
            pages = pagesNow();
            assertThat(answered(cluster.node("b").stats(), "greeting")).isEqualTo(greetings);
            assertThat(answered(cluster.node("c").stats(), "greeting")).isEqualTo(greetings);
            assertThat(answered(cluster.node("b").stats(), "http")).isEqualTo(pages);
            assertThat(answered(cluster.node("c").stats(), "http")).isEqualTo(pages);
        });
    }

    private long greetingsNow() throws IOException, InterruptedException {
        return answered(cluster.stats(), "greeting");
    }

    private long pagesNow() throws IOException, InterruptedException {
        return answered(cluster.stats(), "http");
    }

    /** Under way on each of these nodes. */
    private GreetingLoad load(String... names) throws IOException {
        GreetingLoad load = new GreetingLoad();
        for (String name : names) {
            GreeterProcess node = cluster.node(name);
            load.oneShot(1, node.greetingPort())
                    .sessions(1, node.greetingPort())
                    .pages(1, node.httpPort())
                    .pagesKeptAlive(1, node.httpPort());
        }
        await().until(() -> load.greeted() > 2_000 && load.got() > 200);
        return load;
    }
}
