package dev.greeter.bench.server;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.LocalCodec;
import dev.greeter.config.Config;
import dev.greeter.config.ConfigSources;
import dev.greeter.faults.Faults;
import dev.greeter.greeting.GreetingBinding;
import dev.greeter.greeting.GreetingServerVerticle;
import dev.greeter.http.HttpBinding;
import dev.greeter.http.bridge.BridgeAccess;
import dev.greeter.http.resource.WebVerticle;
import dev.greeter.monitor.Readiness;
import dev.greeter.net.AcceptLimit;
import dev.greeter.net.Grace;
import dev.greeter.net.LimitedTransport;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Greeter's own servers without ledger, log and metrics: batches of exchanges are acknowledged and dropped. What Greeter takes
 * beyond it is the cost of counting, logging and measuring, except for making the batches. Arguments: the greeting port and the
 * HTTP port.
 */
public final class Uncounted {
    private static final int CONNECTIONS = 10_000;

    private Uncounted() {}

    public static void main(String[] args) throws Exception {
        Config config = new ConfigSources(
                        Optional.empty(), Map.of(), Map.of("greeting.port", args[0], "http.port", args[1]))
                .load();
        Vertx vertx = Vertx.builder()
                .withTransport(LimitedTransport.of(new AcceptLimit(CONNECTIONS, 0), false))
                .build();
        LocalCodec.register(vertx.eventBus());
        vertx.eventBus().<Object>localConsumer(Addresses.EXCHANGES, Uncounted::acknowledge);
        Grace grace = new Grace(Duration.ofSeconds(1));
        String name = config.node().name();
        vertx.deployVerticle(new GreetingServerVerticle(
                        new GreetingBinding(config.greeting(), null), name, new Faults("greeting"), grace))
                .await();
        vertx.deployVerticle(new WebVerticle(
                        new HttpBinding(config.http(), null),
                        new BridgeAccess(config.bridge()),
                        name,
                        new Readiness(),
                        new Faults("http"),
                        grace,
                        new LedgerClient(vertx.eventBus())))
                .await();
    }

    private static void acknowledge(Message<Object> batch) {
        batch.reply(null);
    }
}
