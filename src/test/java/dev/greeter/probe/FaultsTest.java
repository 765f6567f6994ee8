package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.config.ConfigException;
import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.Scenario;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every fault at a known percentage: the probe names it, the service counts it, and the two agree. */
class FaultsTest {
    private static final int COUNT = 200;

    /** What a busy machine may make of any other class: the probe itself stood still. */
    private static final String STALLED = Loss.Kind.STALLED.label();

    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(1);

    private static TestService service;

    @BeforeAll
    static void serve() throws ConfigException {
        service = new TestService();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void endFaults() throws Exception {
        assertThat(service.faults("DELETE", "").statusCode()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({
        "reset, reset",
        "close, closed",
        "truncate, closed",
        "stall, timeout",
        "wrong, wrong",
        "refuse, rejected",
        "delay, ''"
    })
    void namesEveryFaultAndCountsItToTheExchange(String kind, String loss) throws Exception {
        Stats before = service.stats().await();
        add("greeting", kind, 10);
        add("http", kind, 5);
        Report report = Probing.run(plan(List.of(Mode.ONESHOT, Mode.HTTP, Mode.HTTP_KEEPALIVE), 200, kind));
        assertThat(injected()).containsExactly(20L, 20L);

        // two forms share the faults of HTTP, so what one of them gets is for the order of arrivals to say
        long expected = loss.isEmpty() ? 0 : 20;
        for (Protocol protocol : Protocol.values()) {
            Map<String, Long> losses = losses(report, protocol);
            assertThat(losses.keySet()).isSubsetOf(loss, STALLED);
            assertThat(sum(losses)).as(losses.toString()).isEqualTo(expected);
        }
        if (kind.equals("refuse")) {
            assertThat(report.results())
                    .flatMap(result -> result.counts().rejected().keySet())
                    .isSubsetOf("busy", "503");
        }
        if (kind.equals("delay")) {
            assertThat(report.results().get(0).latency().max()).isGreaterThan(150_000);
        }
        assertReconciled(report, kind, 20, 20);
        service.faults("DELETE", "");
        awaitCounted(before, Protocol.GREETING, tally(kind, COUNT, 20));
        awaitCounted(before, Protocol.HTTP, tally(kind, 2 * COUNT, 20));
        assertHealthy();
    }

    /** A fault ends its session, so what is behind it there is lost with it: by a name, and to the exchange. */
    @ParameterizedTest
    @CsvSource({
        "reset, reset, reset",
        "close, closed, closed",
        "truncate, closed, closed",
        "stall, timeout, timeout",
        "wrong, wrong, wrong",
        "refuse, rejected, closed",
        "delay, '', ''"
    })
    void namesEveryFaultOfASessionAndWhatItTakesAlong(String kind, String loss, String behind) throws Exception {
        Stats before = service.stats().await();
        add("greeting", kind, 10);
        Report report = Probing.run(plan(List.of(Mode.SESSION), 400, kind));
        long hit = injected().get(0);
        Map<String, Long> losses = losses(report, Protocol.GREETING);
        if (loss.isEmpty()) {
            assertThat(losses).isEmpty();
        } else {
            assertThat(losses.keySet()).isSubsetOf(loss, behind, STALLED);
            long stalled = losses.getOrDefault(STALLED, 0L);
            boolean byItsToken = kind.equals("wrong") || kind.equals("refuse");
            assertThat(losses.getOrDefault(loss, 0L) + stalled).isGreaterThanOrEqualTo(hit);
            assertThat(losses.getOrDefault(loss, 0L)).matches(n -> !byItsToken || n <= hit);
        }
        long alongWith = report.lost() - (loss.isEmpty() ? 0 : hit);
        assertThat(hit).isBetween(1L, COUNT / 10L);
        assertReconciled(report, kind, hit, 0);
        service.faults("DELETE", "");
        awaitCounted(before, Protocol.GREETING, tally(kind, COUNT - alongWith, hit));
    }

    private static void assertReconciled(Report report, String kind, long greeting, long http) {
        Reconciliation found = report.reconciliation().orElseThrow();
        assertThat(found.holds()).isTrue();
        assertThat(found.isShared()).isFalse();
        assertThat(found.lines())
                .allSatisfy(line -> assertThat(line.difference())
                        .isEqualTo(
                                kind.equals("wrong") ? (line.protocol() == Protocol.GREETING ? greeting : http) : 0));
    }

    /** What truly happened, of so many exchanges that the service read. */
    private static Stats.Tally tally(String kind, long read, long hit) {
        return switch (kind) {
            case "wrong", "delay" -> new Stats.Tally(read, 0, 0);
            case "refuse" -> new Stats.Tally(read - hit, hit, 0);
            default -> new Stats.Tally(read - hit, 0, hit);
        };
    }

    private static void awaitCounted(Stats before, Protocol protocol, Stats.Tally expected) {
        Stats.Tally then = before.totals().get(protocol);
        await().untilAsserted(() -> {
            Stats.Tally now = service.stats().await().totals().get(protocol);
            assertThat(new Stats.Tally(
                            now.answered() - then.answered(),
                            now.refused() - then.refused(),
                            now.failed() - then.failed()))
                    .isEqualTo(expected);
        });
    }

    private void assertHealthy() throws Exception {
        for (String path : List.of("/livez", "/readyz", "/startupz")) {
            assertThat(service.managementStatus(path)).as(path).isEqualTo(200);
        }
    }

    private static Plan plan(List<Mode> modes, double rate, String kind) {
        Duration timeout = kind.equals("stall") ? STALL_TIMEOUT : Probing.TIMEOUT;
        return new Plan(
                "test",
                modes.stream()
                        .map(mode -> new Scenario(
                                mode, mode.protocol() == Protocol.GREETING ? service.greeting() : service.http()))
                        .toList(),
                Load.openCount(rate, COUNT),
                Duration.ZERO,
                COUNT,
                timeout,
                ClientTls.DEFAULT,
                Duration.ofDays(14),
                Probing.NO_LIMITS,
                Optional.of(service::stats));
    }

    private static Map<String, Long> losses(Report report, Protocol protocol) {
        return report.results().stream()
                .filter(result -> result.scenario().mode().protocol() == protocol)
                .flatMap(result -> result.counts().losses().entrySet().stream())
                .collect(Collectors.groupingBy(
                        loss -> loss.getKey().label(), Collectors.summingLong(Map.Entry::getValue)));
    }

    private static long sum(Map<String, Long> losses) {
        return losses.values().stream().mapToLong(Long::longValue).sum();
    }

    private void add(String protocol, String kind, int percent) throws Exception {
        JsonObject fault = new JsonObject()
                .put("protocol", protocol)
                .put("kind", kind)
                .put("percent", percent)
                .put("for", "1m");
        if (kind.equals("delay")) {
            fault.put("delay", "300ms");
        }
        HttpResponse<String> response = service.faults("POST", fault.encode());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private List<Long> injected() throws Exception {
        return new JsonArray(service.faults("GET", "").body())
                .stream().map(fault -> ((JsonObject) fault).getLong("injected")).toList();
    }
}
