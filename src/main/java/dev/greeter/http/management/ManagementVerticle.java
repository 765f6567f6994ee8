package dev.greeter.http.management;

import dev.greeter.bus.PerProtocol;
import dev.greeter.config.Config;
import dev.greeter.faults.Faults;
import dev.greeter.http.Connections;
import dev.greeter.http.DrainingHttpServer;
import dev.greeter.http.HttpBinding;
import dev.greeter.http.HttpResponder;
import dev.greeter.http.Responder;
import dev.greeter.monitor.Health;
import dev.greeter.monitor.Metrics;
import dev.greeter.monitor.Readiness;
import dev.greeter.net.Grace;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.WebSocketServerConfig;
import io.vertx.core.tracing.TracingPolicy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Serves the operators on a separate port: the health checks, the metrics, and faults on demand where they are enabled. One
 * instance; deploy it first and undeploy it last.
 */
public final class ManagementVerticle extends VerticleBase {
    private static final Duration GRACE = Duration.ofMillis(500);

    private final HttpBinding binding;
    private final String node;
    private final Readiness readiness;
    private final Health health;
    private final Metrics metrics;
    private final Config.Faults config;
    private final PerProtocol<Faults> faults;
    private DrainingHttpServer server;

    /**
     * Creates the instance.
     *
     * @param node the name in every response's {@code x-greeter-node}
     * @param readiness from the moment it is draining, every response ends its connection
     * @param config whether faults may be added, and by whom
     * @param faults the faults of each server
     */
    public ManagementVerticle(
            HttpBinding binding,
            String node,
            Readiness readiness,
            Health health,
            Metrics metrics,
            Config.Faults config,
            PerProtocol<Faults> faults) {
        this.binding = binding;
        this.node = node;
        this.readiness = readiness;
        this.health = health;
        this.metrics = metrics;
        this.config = config;
        this.faults = faults;
    }

    @Override
    public Future<?> start() throws UnknownHostException {
        Connections connections = new Connections(context, binding, open -> {});
        Responder responder = new HttpResponder(node, readiness, connections);
        // not traced, because probes and scrapes come every few seconds and would be most of all spans
        server = new DrainingHttpServer(
                vertx,
                binding,
                new WebSocketServerConfig(),
                TracingPolicy.IGNORE,
                true,
                connections,
                responder,
                responder);
        server.route("/livez", new HealthResource(vertx, health.live()));
        server.route("/readyz", new HealthResource(vertx, health.ready()));
        server.route("/startupz", new HealthResource(vertx, health.started()));
        server.route("/metrics", new MetricsResource(metrics));
        if (config.isEnabled()) {
            TokenAttempts attempts = new TokenAttempts(vertx, System::nanoTime);
            server.route(
                    "/faults",
                    new ProtectedResource(
                            config.token(),
                            config.names(),
                            attempts,
                            new FaultsResource(vertx, faults, config.maxDuration())));
        }
        return server.listen();
    }

    /** Returns the paths of all endpoints, once it is deployed. */
    public List<String> paths() {
        return server.paths();
    }

    @Override
    public Future<?> stop() {
        // the servers that they spoil have stopped before
        return server.drain(new Grace(GRACE), () -> {}).onComplete(drained -> {
            faults.greeting().end();
            faults.http().end();
        });
    }
}
