package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.greeter.probe.load.Driver;
import dev.greeter.probe.load.FailingDriver;
import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.testing.FakeServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Faults of the probe's own, put into it: whatever fails, there is a report, and it says so. */
class UnexpectedTest {
    private static final int RIGHT = FailingDriver.RIGHT;
    private static final Load ENDLESS = new Load(OptionalDouble.of(500), OptionalLong.empty(), Duration.ZERO);

    private final Vertx vertx = Probe.vertx(1);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    static Stream<Arguments> faults() {
        List<Supplier<Throwable>> faults = List.of(
                () -> new ArithmeticException("long overflow"),
                () -> new StackOverflowError(),
                () -> new NoClassDefFoundError("no/such/Class"),
                () -> new OutOfMemoryError("Java heap space"));
        return Stream.of(FailingDriver.Place.values())
                .flatMap(place -> faults.stream().map(fault -> Arguments.of(place, fault.get())));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void endsTheRunWithWhatItHas(FailingDriver.Place place, Throwable fault) {
        Load load = place == FailingDriver.Place.CLOSE ? Load.openCount(500, RIGHT) : ENDLESS;
        Report report = probe(load, context -> new FailingDriver(context, place, fault))
                .run()
                .await();
        assertThat(report.failure().orElseThrow()).startsWith(fault.toString());
        assertThat(report.results().get(0).counts().answered()).isGreaterThanOrEqualTo(RIGHT);
        assertThat(report.violations()).first().asString().startsWith("the probe failed unexpectedly: " + fault);
        assertThat(report.isWithinLimits()).isFalse();
    }

    @Test
    void endsTheRunWhereTheServiceIsAskedForItsCounts() {
        Plan plan =
                Probing.verified(Probing.plan(Mode.ONESHOT, Probing.greeting(1), ENDLESS, 1, Probing.TIMEOUT), () -> {
                    throw new IllegalStateException("no such thing");
                });
        Report report = Probing.probe(vertx, plan).run().await();
        assertThat(report.failure().orElseThrow()).startsWith("java.lang.IllegalStateException: no such thing at Unex");
        assertThat(report.violations()).contains("no exchange was made");
    }

    /** Which Prometheus's library refuses. */
    @Test
    void endsTheRunWhereItsMetricsFail() throws Exception {
        Scenario scenario = new Scenario(Mode.ONESHOT, Probing.greeting(1));
        Plan plan = plan(List.of(scenario, scenario), ENDLESS);
        Probe probe = new Probe(
                vertx,
                plan,
                Probing.SETTLE_INTERVAL,
                InstantSource.system(),
                (twin, context, connector) ->
                        new FailingDriver(context, FailingDriver.Place.CLOSE, new IllegalStateException()));
        int port = new ProbeServer(vertx, probe).listen("127.0.0.1", 0).await();
        Future<Report> running = probe.run();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(running.await().failure().orElseThrow()).contains("uplicate labels");
    }

    @Test
    void isAbortedThoughAnEventLoopStandsStill() {
        CountDownLatch never = new CountDownLatch(1);
        Probe probe = probe(
                ENDLESS, context -> new FailingDriver(context, FailingDriver.Place.BEGIN, new IllegalStateException()) {
                    @Override
                    protected void fail() {
                        try {
                            never.await();
                        } catch (InterruptedException ended) {
                            Thread.currentThread().interrupt();
                        }
                    }
                });
        Future<Report> running = probe.run();
        probe.stop();
        assertThat(running.isComplete()).isFalse();
        probe.abort();
        Report report = running.await();
        assertThat(report.failure()).isEmpty();
        assertThat(report.complete()).isFalse();
        never.countDown();
    }

    @Test
    void isAbortedWithoutAnAnswerToWhatIsUnderWay() throws Exception {
        try (FakeServer server = FakeServer.that((connection, nth) -> connection.hold())) {
            Plan plan = Probing.plan(Mode.SESSION, Probing.greeting(server.port()), ENDLESS, 1, Duration.ofMinutes(10));
            Probe probe = Probing.probe(vertx, plan);
            Future<Report> running = probe.run();
            await().until(() -> probe.progress().await().get(0).sent() > RIGHT);
            probe.stop();
            probe.abort();
            ScenarioResult result = running.await().results().get(0);
            assertThat(result.counts().unfinished())
                    .isEqualTo(result.counts().sent())
                    .isGreaterThan(RIGHT);
            assertThat(result.counts().lost()).isZero();
        }
    }

    @Test
    void takesNoTimeFromAClockThatIsSet() {
        Instant[] wall = {Instant.parse("2026-11-23T06:00:00Z")};
        Plan plan = Probing.plan(Mode.ONESHOT, Probing.greeting(1), Load.openCount(100, 20), 1, Probing.TIMEOUT);
        Probe probe = new Probe(
                vertx,
                plan,
                Probing.SETTLE_INTERVAL,
                () -> wall[0] = wall[0].minus(Duration.ofHours(1)),
                Probe.of(plan));
        Report report = probe.run().await();
        Duration took = Duration.between(report.startedAt(), report.endedAt());
        assertThat(took).isBetween(Duration.ofMillis(190), Duration.ofMinutes(1));
        ScenarioResult.Outage outage = report.results().get(0).outages().get(0);
        assertThat(outage.first()).isBetween(report.startedAt(), report.endedAt());
        assertThat(outage.last()).isBetween(outage.first(), report.endedAt());
    }

    private Probe probe(Load load, Function<ContextInternal, Driver> driver) {
        Probe.DriverFactory factory = (scenario, context, connector) -> driver.apply(context);
        return new Probe(
                vertx,
                plan(List.of(new Scenario(Mode.ONESHOT, Probing.greeting(1))), load),
                Probing.SETTLE_INTERVAL,
                InstantSource.system(),
                factory);
    }

    private static Plan plan(List<Scenario> scenarios, Load load) {
        Plan one = Probing.plan(Mode.ONESHOT, Probing.greeting(1), load, 1, Probing.TIMEOUT);
        return new Plan(
                one.run(),
                scenarios,
                load,
                one.warmup(),
                1,
                one.timeout(),
                one.tls(),
                one.warnExpiry(),
                one.limits(),
                one.stats());
    }
}
