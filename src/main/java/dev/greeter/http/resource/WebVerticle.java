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
import dev.greeter.monitor.Readiness;
import dev.greeter.net.Grace;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.tracing.TracingPolicy;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Serves the application over HTTP/1.1: the page, the counts, the dashboard and the event bus. Deploy as many instances as
 * there are cores, each with the same {@link HttpBinding} and {@link BridgeAccess}; they share its port.
 *
 * <p>Undeploying it is the drain: it answers what clients have sent, cuts the connections that are left at the end of the
 * grace period, and completes when the ledger has acknowledged every exchange.
 */
public final class WebVerticle extends VerticleBase {
    private final HttpBinding binding;
    private final BridgeAccess bridge;
    private final String node;
    private final Readiness readiness;
    private final Faults faults;
    private final Grace grace;
    private final LedgerClient ledger;
    private ExchangeReporter reporter;
    private DrainingHttpServer server;

    /**
     * Creates an instance.
     *
     * @param node the name in every response's {@code x-greeter-node}
     * @param readiness from the moment it is draining, every response ends its connection
     * @param faults the faults of the page, the same for all instances of a node
     * @param grace how long the drain may take before it cuts connections, the same for all instances of a node
     * @param ledger asks the node's ledger, the same for all instances of a node
     */
    public WebVerticle(
            HttpBinding binding,
            BridgeAccess bridge,
            String node,
            Readiness readiness,
            Faults faults,
            Grace grace,
            LedgerClient ledger) {
        this.binding = binding;
        this.bridge = bridge;
        this.node = node;
        this.readiness = readiness;
        this.faults = faults;
        this.grace = grace;
        this.ledger = ledger;
    }

    @Override
    public Future<?> start() throws UnknownHostException {
        reporter = new ExchangeReporter(vertx, Protocol.HTTP);
        Connections connections = new Connections(context, binding, reporter::connections);
        HttpResponder plain = new HttpResponder(node, readiness, connections);
        Responder page =
                new ExchangeCounter(new FaultInjector(vertx, plain, connections, faults), connections, reporter);
        Responder unrouted = new UnroutedResponder(plain, page);
        server = new DrainingHttpServer(
                vertx, binding, bridge.webSockets(), TracingPolicy.ALWAYS, false, connections, plain, unrouted);
        server.route("/", FileResource.PAGE, page);
        server.route("/stats", new StatsResource(ledger));
        server.route("/exchanges", new ExchangesResource(ledger));
        Dashboard.FILES.forEach(server::route);
        server.route("/openapi.yaml", FileResource.OPEN_API);
        server.route("/eventbus", BridgeInfoResource.WELCOME);
        server.route("/eventbus/info", new BridgeInfoResource(bridge));
        server.handler("/eventbus/*", new BridgeHandler(vertx, bridge, connections, plain, ledger));
        return server.listen();
    }

    /** Returns the paths of all endpoints, once it is deployed; one that ends with a slash stands for all paths below it. */
    List<String> paths() {
        return server.paths();
    }

    @Override
    public Future<?> stop() {
        return server.drain(grace, reporter::cut).transform(drained -> reporter.close());
    }
}
