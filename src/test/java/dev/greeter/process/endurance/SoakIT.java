package dev.greeter.process.endurance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.testing.Fleet;
import dev.greeter.testing.GreeterProcess;
import dev.greeter.testing.GreetingLoad;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of three behind HAProxy under load of all kinds, while it is reconfigured, spoiled, stopped and replaced. As
 * many minutes as {@code -Dgreeter.soak=30} says, and at least two rounds; {@code src/docs/reliability.md} has the command.
 */
@EnabledIfSystemProperty(named = "greeter.soak", matches = "\\d+")
@Timeout(value = 2, unit = TimeUnit.DAYS)
class SoakIT {
    private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("greeter.soak", 0));

    /** Of the length, until when what a JVM compiles and loads has settled. */
    private static final int WARM_UP_PART = 5;

    private static final Duration THINK_TIME = Duration.ofMillis(50);

    /** What a fault on demand logs, and what a node does that stood still or waits for one that does. */
    private static final Pattern EXPECTED = Pattern.compile(
            "fault added|fault over|Thread \\S+ has been blocked for .*|the cluster does not answer: .*");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void countsExactlyAndHoldsNoMoreThanBefore() throws Exception {
        Path configuration = Files.writeString(folder.resolve("greeter.yaml"), "greeting.maxConnections: 900\n");
        Map<String, String> environment = Map.of(
                "GREETER_CONFIG",
                configuration.toString(),
                // so that the heap's size cannot be mistaken for a leak
                "JDK_JAVA_OPTIONS",
                "-Xms256m -XX:+AlwaysPreTouch");
        try (Fleet fleet = Fleet.startCluster(
                        folder, 3, environment, "shutdown.delay=30s", "faults.token=" + Disturbances.TOKEN);
                FleetProbe probe = FleetProbe.start(
                        folder, fleet, targets(fleet), "--rate=25", "--timeout=30s", "--max-lost=1000000");
                GreetingLoad load = new GreetingLoad(THINK_TIME)
                        .oneShot(2, fleet.balancer().greetingPort())
                        .sessions(2, fleet.balancer().greetingPort())) {
            GreeterProcess lasting = fleet.node(0);
            Disturbances disturbances = new Disturbances(fleet, configuration);
            long start = System.nanoTime();
            repeat(disturbances, start, LENGTH.dividedBy(WARM_UP_PART), lasting);
            Footprint before = Footprint.of(lasting);
            repeat(disturbances, start, LENGTH, lasting);
            load.stop();
            FleetProbe.Report report = probe.end();
            await().atMost(Duration.ofMinutes(1)).until(() -> connections(lasting) == 0);
            Footprint after = Footprint.of(lasting);
            report("before: " + before);
            report("after: " + after);
            long spoiled = disturbances.injected(List.of("truncate", "close", "reset"));
            long refused = disturbances.injected(List.of("refuse"));
            fleet.stopAll();
            report("greetings %,d, pages %,d, spoiled %,d, lost by the probe %s and by others %s, its own losses %s"
                    .formatted(
                            report.sum("answered", FleetProbe.GREETING) + load.greeted(),
                            report.sum("answered", FleetProbe.HTTP),
                            spoiled + refused,
                            report.losses(FleetProbe.ALL),
                            load.lost,
                            report.itsOwnLosses()));

            assertThat(load.lost).isEmpty();
            assertThat(load.unanswered).isEmpty();
            assertThat(load.turnedAway).isEmpty();
            assertThat(report.losses(FleetProbe.GREETING)).isEmpty();
            assertThat(report.sum("lost", FleetProbe.HTTP)).isEqualTo(spoiled + refused);
            assertThat(report.sum("unsolicited", FleetProbe.ALL)).isZero();
            assertThat(fleet.counted("greeting.refused"))
                    .isBetween(disturbances.refused(), disturbances.refused() + disturbances.deaf());
            assertThat(Map.of(
                            "greeting.answered", fleet.counted("greeting.answered"),
                            "greeting.failed", fleet.counted("greeting.failed"),
                            "http.answered", fleet.counted("http.answered"),
                            "http.refused", fleet.counted("http.refused"),
                            "http.failed", fleet.counted("http.failed"),
                            "cut", fleet.counted("cut")))
                    .isEqualTo(Map.of(
                            "greeting.answered",
                            report.sum("answered", FleetProbe.GREETING) + load.greeted(),
                            "greeting.failed",
                            0L,
                            "http.answered",
                            report.sum("answered", FleetProbe.HTTP),
                            "http.refused",
                            refused,
                            "http.failed",
                            spoiled,
                            "cut",
                            0L));
            assertThat(fleet.exitCodes()).containsOnly(0);
            assertThat(fleet.warnings())
                    .filteredOn(
                            line -> !EXPECTED.matcher(line.getString("message")).matches())
                    .isEmpty();
            after.assertNotAbove(before);
        }
    }

    private static List<String> targets(Fleet fleet) {
        return List.of(
                "127.0.0.1:" + fleet.balancer().greetingPort(),
                "http://127.0.0.1:" + fleet.balancer().httpPort() + "/");
    }

    /** At least once. */
    private static void repeat(Disturbances disturbances, long start, Duration until, GreeterProcess lasting)
            throws Exception {
        do {
            disturbances.round();
            report("%d s: %s".formatted((System.nanoTime() - start) / 1_000_000_000L, Footprint.of(lasting)));
        } while (System.nanoTime() - start < until.toNanos());
    }

    private static double connections(GreeterProcess greeter) throws Exception {
        return greeter.get(greeter.managementPort(), "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("greeter_connections{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private static void report(String line) {
        System.out.println("soak, " + line);
    }
}
