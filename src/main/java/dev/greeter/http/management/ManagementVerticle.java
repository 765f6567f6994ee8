package dev.greeter.http.management;

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
 * Serves what is not for the public, on a port of its own: the health checks, the metrics, and faults on demand where they
 * are enabled. One instance; deploy it first and undeploy it last.
 */
public final class ManagementVerticle extends VerticleBase {
    private static final Duration GRACE = Duration.ofMillis(500);

    private final HttpBinding listener;
    private final String node;
    private final Readiness readiness;
    private final Health health;
    private final Metrics metrics;
    private final FaultsAccess faults;
    private DrainingHttpServer server;

    /** @param faults who may add some */
    public ManagementVerticle(
            HttpBinding listener,
            String node,
            Readiness readiness,
            Health health,
            Metrics metrics,
            FaultsAccess faults) {
        this.listener = listener;
        this.node = node;
        this.readiness = readiness;
        this.health = health;
        this.metrics = metrics;
        this.faults = faults;
    }

    @Override
    public Future<?> start() throws UnknownHostException {
        Connections connections = new Connections(context, listener, open -> {});
        Responder responder = new HttpResponder(node, readiness, connections);
        // probes and scrapes come every few seconds, and would be most of what there is
        server = new DrainingHttpServer(
                vertx, listener, new WebSocketServerConfig(), TracingPolicy.IGNORE, true, connections, responder);
        server.serve("/livez", new HealthResource(vertx, health.live()));
        server.serve("/readyz", new HealthResource(vertx, health.ready()));
        server.serve("/startupz", new HealthResource(vertx, health.started()));
        server.serve("/metrics", new MetricsResource(metrics));
        faults.resource().ifPresent(resource -> server.serve("/faults", resource));
        return server.listen();
    }

    /** That it has endpoints at, once it is deployed; one that ends with a slash is for all below it. */
    public List<String> paths() {
        return server.paths();
    }

    @Override
    public Future<?> stop() {
        return server.drain(new Grace(GRACE), () -> {});
    }
}
