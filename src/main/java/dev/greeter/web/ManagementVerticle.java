package dev.greeter.web;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;
import java.time.Duration;

/** Serves the probes, on a port of their own. One instance; deploy it first and undeploy it last. */
public final class ManagementVerticle extends VerticleBase {
    private static final Duration GRACE = Duration.ofMillis(500);

    private final WebListener listener;
    private final String node;
    private final Readiness readiness;
    private WebServer server;

    public ManagementVerticle(WebListener listener, String node, Readiness readiness) {
        this.listener = listener;
        this.node = node;
        this.readiness = readiness;
    }

    @Override
    public Future<?> start() {
        Connections connections = new Connections(context, listener, open -> {});
        Responder responder = new HttpResponder(node, readiness, connections);
        server = new WebServer(vertx, listener, connections, responder);
        route(server.router(), responder, readiness);
        return server.listen();
    }

    private static void route(Router router, Responder responder, Readiness readiness) {
        router.route("/livez")
                .useNormalizedPath(false)
                .handler(new Endpoint(new HealthResource("event-loop", () -> true), responder));
        router.route("/readyz")
                .useNormalizedPath(false)
                .handler(new Endpoint(new HealthResource("ready", readiness::isReady), responder));
        router.route("/startupz")
                .useNormalizedPath(false)
                .handler(new Endpoint(new HealthResource("started", readiness::isStarted), responder));
    }

    @Override
    public Future<?> stop() {
        return server.drain(GRACE, () -> {});
    }
}
