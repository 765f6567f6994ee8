package dev.greeter.probe;

import dev.greeter.bus.Stats;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.probe.load.Load;
import dev.greeter.probe.load.Schedule;
import dev.greeter.probe.measure.Scenario;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * What a run of the probe does.
 *
 * @param run names it, and starts its tokens
 * @param load of each scenario
 * @param warmup the same rate before, of which nothing is counted; zero for none
 * @param connections persistent ones of each scenario, and new ones at one time in a closed loop
 * @param timeout of an exchange, from when it was meant to begin
 * @param tls how connections over TLS are made
 * @param warnExpiry certificates that end within it are reported; zero for none
 * @param stats asks the service what it counted, over its whole cluster
 */
public record Plan(
        String run,
        List<Scenario> scenarios,
        Load load,
        Duration warmup,
        int connections,
        Duration timeout,
        ClientTls tls,
        Duration warnExpiry,
        Limits limits,
        Optional<Supplier<Future<Stats>>> stats) {

    /** How many exchanges it makes, the warm-up left out; empty if that is not known before. */
    public OptionalLong exchanges() {
        long each = new Schedule(load).total();
        return each > Long.MAX_VALUE / Math.max(1, scenarios.size())
                ? OptionalLong.empty()
                : OptionalLong.of(each * scenarios.size());
    }
}
