package dev.greeter.http.resource;

import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.Protocol;
import dev.greeter.faults.Faults;
import dev.greeter.http.Connections;
import dev.greeter.http.DrainingHttpServer;
import dev.greeter.http.HttpBinding;
import dev.greeter.http.HttpResponder;
import dev.greeter.http.Responder;
import dev.greeter.http.bridge.BridgeAccess;
import dev.greeter.http.bridge.BridgeHandler;
import dev.greeter.http.bridge.BridgeInfoResource;
import dev.greeter.http.bridge.BridgeQueries;
import dev.greeter.http.bridge.BridgeWelcomeResource;
import dev.greeter.monitor.Readiness;
import dev.greeter.net.Grace;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.tracing.TracingPolicy;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Serves the application over HTTP/1.1: the page, and what was counted. Deploy as many instances as there are cores, each
 * with the same {@link HttpBinding} and {@link BridgeAccess}; they share its port.
 *
 * <p>Undeploying it is the drain: it answers what clients have sent, cuts what is left at the end of the grace period, and
 * completes when the ledger has acknowledged every exchange.
 */
public final class WebVerticle extends VerticleBase {
    private final HttpBinding listener;
    private final BridgeAccess bridge;
    private final String node;
    private final Readiness readiness;
    private final Faults faults;
    private final Grace grace;
    private ExchangeReporter reporter;
    private DrainingHttpServer server;

    /**
     * @param node the name in every response's {@code x-greeter-node}
     * @param readiness from the moment it is draining, every response ends its connection
     * @param faults what it suffers on demand, the same for all instances of a node
     * @param grace how long the drain may take before it cuts connections, the same for all instances of a node
     */
    public WebVerticle(
            HttpBinding listener, BridgeAccess bridge, String node, Readiness readiness, Faults faults, Grace grace) {
        this.listener = listener;
        this.bridge = bridge;
        this.node = node;
        this.readiness = readiness;
        this.faults = faults;
        this.grace = grace;
    }

    @Override
    public Future<?> start() throws UnknownHostException {
        reporter = new ExchangeReporter(vertx, Protocol.HTTP);
        Connections connections = new Connections(context, listener, reporter::connections);
        Responder writing = new HttpResponder(node, readiness, connections);
        Responder responder = new ExchangeCounter(new FaultInjector(vertx, writing, connections, faults), reporter);
        server = new DrainingHttpServer(
                vertx, listener, bridge.webSockets(), TracingPolicy.ALWAYS, false, connections, responder);
        LedgerClient ledger = new LedgerClient(vertx.eventBus());
        route(
                new LedgerQueries(ledger),
                new BridgeHandler(vertx, bridge, connections, responder, new BridgeQueries(ledger)));
        return server.listen();
    }

    private void route(LedgerQueries ledger, BridgeHandler webSockets) {
        server.serve("/", Page.FILE);
        server.serve("/stats", new StatsResource(ledger));
        server.serve("/exchanges", new ExchangesResource(ledger));
        Dashboard.FILES.forEach(server::serve);
        server.serve("/openapi.yaml", OpenApi.FILE);
        server.serve("/eventbus", new BridgeWelcomeResource());
        server.serve("/eventbus/info", new BridgeInfoResource(bridge));
        server.route("/eventbus/*", webSockets);
    }

    /** That it has endpoints at, once it is deployed; one that ends with a slash is for all below it. */
    public List<String> paths() {
        return server.paths();
    }

    @Override
    public Future<?> stop() {
        return server.drain(grace, reporter::cut).transform(drained -> reporter.close());
    }
}
