package dev.greeter.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.greeter.bus.Stats;
import dev.greeter.client.Url;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.config.value.HostPort;
import dev.greeter.probe.load.Load;
import dev.greeter.probe.measure.Loss;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.ScenarioResult;
import dev.greeter.probe.measure.Target;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs a probe in a test. */
final class Probing {
    static final Duration TIMEOUT = Duration.ofSeconds(20);
    static final Limits NO_LIMITS = new Limits(Long.MAX_VALUE, Optional.empty());

    static final Duration SETTLE_INTERVAL = Duration.ofMillis(100);

    private Probing() {}

    static Target greeting(int port) {
        return Target.greeting(new HostPort("127.0.0.1", port));
    }

    static Target http(int port) {
        return Target.http(Url.parse("http://127.0.0.1:" + port));
    }

    static Plan plan(Mode mode, Target target, Load load, int connections, Duration timeout) {
        return new Plan(
                "test",
                List.of(new Scenario(mode, target)),
                load,
                Duration.ZERO,
                connections,
                timeout,
                ClientTls.DEFAULT,
                Duration.ofDays(14),
                NO_LIMITS,
                Optional.empty());
    }

    static ScenarioResult run(Mode mode, Target target, Load load, int connections, Duration timeout) {
        return run(plan(mode, target, load, connections, timeout)).results().get(0);
    }

    static Report run(Plan plan) {
        Vertx vertx = Probe.vertx(plan.scenarios().size());
        try {
            return probe(vertx, plan).run().await();
        } finally {
            vertx.close().await();
        }
    }

    static Probe probe(Vertx vertx, Plan plan) {
        return new Probe(vertx, plan, SETTLE_INTERVAL, InstantSource.system(), Probe.of(plan));
    }

    static Plan verified(Plan plan, Supplier<Future<Stats>> stats) {
        return new Plan(
                plan.run(),
                plan.scenarios(),
                plan.load(),
                plan.warmup(),
                plan.connections(),
                plan.timeout(),
                plan.tls(),
                plan.warnExpiry(),
                plan.limits(),
                Optional.of(stats));
    }

    /**
     * That these are the losses of a run, however busy the machine is: one that a pause of the probe itself may have caused counts as
     * stalled, and so is missing in its own class.
     */
    static void assertLosses(ScenarioResult result, Map<Loss.Kind, Long> expected) {
        Map<Loss.Kind, Long> named = new EnumMap<>(Loss.Kind.class);
        named.putAll(result.counts().losses());
        long stalled = Objects.requireNonNullElse(named.remove(Loss.Kind.STALLED), 0L);
        long sum = named.values().stream().mapToLong(Long::longValue).sum();
        assertThat(sum + stalled)
                .as(result.counts().losses().toString())
                .isEqualTo(expected.values().stream().mapToLong(Long::longValue).sum());
        assertThat(named)
                .as(result.counts().losses().toString())
                .allSatisfy((kind, count) -> assertThat(count).isLessThanOrEqualTo(expected.getOrDefault(kind, 0L)));
    }
}
