package dev.greeter.probe.report;

import dev.greeter.bus.Protocol;
import dev.greeter.bus.Stats;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.config.value.HostPort;
import dev.greeter.probe.Limits;
import dev.greeter.probe.Plan;
import dev.greeter.probe.Reconciliation;
import dev.greeter.probe.Report;
import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.CertificatesEnd;
import dev.greeter.probe.measure.Counts;
import dev.greeter.probe.measure.Latency;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A run through a rollout that went wrong, and what its reports are to the octet. */
public final class ReportSample {
    private static final Path FOLDER = Path.of("src/test/resources/probe");
    private static final Instant START = Instant.parse("2026-11-23T06:16:00.250Z");
    private static final Latency LATENCY = new Latency(402.4, 310, 520, 900, 1_250, 8_500, 1_400_000);

    /** Beyond its limits. */
    public static final Report ROLLOUT = new Report(
            new Plan(
                    "7f3a9c21",
                    List.of(),
                    new Load(OptionalDouble.of(200), OptionalLong.empty(), Duration.ofSeconds(10)),
                    Duration.ofSeconds(1),
                    4,
                    Duration.ofSeconds(5),
                    ClientTls.DEFAULT,
                    Duration.ofDays(14),
                    new Limits(0, Optional.of(Duration.ofMillis(1))),
                    Optional.empty()),
            START,
            START.plusMillis(10_125),
            false,
            Optional.empty(),
            List.of(session(), http()),
            Optional.of(new Reconciliation(
                    List.of(
                            new Reconciliation.Line(Protocol.GREETING, 1_996, 4, new Stats.Tally(1_997, 0, 1)),
                            new Reconciliation.Line(Protocol.HTTP, 1_990, 10, new Stats.Tally(1_990, 0, 0))),
                    Optional.empty(),
                    List.of(),
                    false,
                    false)));

    private ReportSample() {}

    public static String golden(String file) {
        try {
            return Files.readString(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ScenarioResult session() {
        Loss reset = Loss.of(Loss.Kind.RESET, "recvAddress(..) failed: Connection reset by peer");
        return new ScenarioResult(
                new Scenario(Mode.SESSION, Target.greeting(new HostPort("greeter", 1234))),
                new Counts(
                        2_000,
                        1_996,
                        37,
                        0,
                        1,
                        9,
                        0,
                        12,
                        Duration.ofMillis(60),
                        losses(Map.of(Loss.Kind.RESET, 3L, Loss.Kind.TIMEOUT, 1L)),
                        new TreeMap<>(),
                        new TreeMap<>()),
                new TreeMap<>(Map.of("10.0.0.1", 5L, "10.0.0.2", 4L)),
                List.of(
                        new ScenarioResult.Outage(reset, START.plusMillis(2_000), START.plusMillis(2_040), 3),
                        new ScenarioResult.Outage(
                                Loss.of(Loss.Kind.TIMEOUT, "no answer in time"),
                                START.plusMillis(4_000),
                                START.plusMillis(4_000),
                                1)),
                0,
                Optional.empty(),
                LATENCY,
                List.of(
                        new ScenarioResult.NodeShare(
                                "greeter-0",
                                1_200,
                                List.of(
                                        new ScenarioResult.Span(START, START.plusSeconds(2), 400),
                                        new ScenarioResult.Span(START.plusSeconds(6), START.plusSeconds(10), 800))),
                        new ScenarioResult.NodeShare(
                                "greeter-1", 796, List.of(new ScenarioResult.Span(START, START.plusSeconds(10), 796)))),
                Duration.ofMillis(45),
                new ScenarioResult.Timeline(
                        Duration.ofSeconds(5),
                        List.of(
                                new ScenarioResult.Slice(
                                        996,
                                        losses(Map.of(Loss.Kind.RESET, 3L, Loss.Kind.TIMEOUT, 1L)),
                                        310,
                                        1_250,
                                        8_500),
                                new ScenarioResult.Slice(1_000, losses(Map.of()), 300, 1_100, 2_000))));
    }

    private static ScenarioResult http() {
        return new ScenarioResult(
                new Scenario(
                        Mode.HTTP_KEEPALIVE,
                        new Target("http://greeter:8080/?a=<b>", Protocol.HTTP, "greeter", 8080, false, "/?a=<b>")),
                new Counts(
                        2_000,
                        1_990,
                        0,
                        2,
                        0,
                        5,
                        1,
                        0,
                        Duration.ZERO,
                        losses(Map.of(Loss.Kind.REJECTED, 8L, Loss.Kind.TIMEOUT, 2L)),
                        new TreeMap<>(Map.of("502", 1L, "503", 7L)),
                        new TreeMap<>()),
                new TreeMap<>(Map.of("10.0.0.1", 5L)),
                List.of(new ScenarioResult.Outage(
                        Loss.rejected("503", "status 503 Service Unavailable"),
                        START.plusMillis(2_000),
                        START.plusMillis(3_500),
                        7)),
                3,
                Optional.of(new CertificatesEnd(START.plusSeconds(4 * 86_400), 0)),
                LATENCY,
                List.of(),
                Duration.ZERO,
                new ScenarioResult.Timeline(
                        Duration.ofSeconds(5),
                        List.of(
                                new ScenarioResult.Slice(
                                        990,
                                        losses(Map.of(Loss.Kind.REJECTED, 8L, Loss.Kind.TIMEOUT, 2L)),
                                        310,
                                        1_250,
                                        8_500),
                                new ScenarioResult.Slice(1_000, losses(Map.of()), 300, 1_100, 2_000))));
    }

    private static Map<Loss.Kind, Long> losses(Map<Loss.Kind, Long> losses) {
        Map<Loss.Kind, Long> ordered = new EnumMap<>(Loss.Kind.class);
        ordered.putAll(losses);
        return ordered;
    }
}
