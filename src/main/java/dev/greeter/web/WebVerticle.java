package dev.greeter.web;

import dev.greeter.bus.ExchangeReporter;
import dev.greeter.bus.Protocol;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the application over HTTP/1.1: the page, and what was counted. Deploy as many instances as there are cores, each
 * with the same {@link WebListener}; they share its port.
 *
 * <p>Undeploying it drains: what clients have sent is answered within the grace period and handed to the ledger, if that
 * is still there.
 */
public final class WebVerticle extends VerticleBase {
    private static final Duration LAST_FLUSH = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(WebVerticle.class);

    private final WebListener listener;
    private final String node;
    private final Readiness readiness;
    private final Duration grace;
    private ExchangeReporter reporter;
    private WebServer server;

    /**
     * @param node the name in every response's {@code x-greeter-node}
     * @param readiness from the moment it is draining, every response ends its connection
     * @param grace the most that the drain may take
     */
    public WebVerticle(WebListener listener, String node, Readiness readiness, Duration grace) {
        this.listener = listener;
        this.node = node;
        this.readiness = readiness;
        this.grace = grace;
    }

    @Override
    public Future<?> start() {
        reporter = new ExchangeReporter(vertx, Protocol.HTTP);
        Connections connections = new Connections(context, listener, reporter::connections);
        Responder responder = new CountingResponder(new HttpResponder(node, readiness, connections), reporter);
        server = new WebServer(vertx, listener, connections, responder);
        route(server.router(), responder, new LedgerQueries(vertx.eventBus()));
        return server.listen();
    }

    private static void route(Router router, Responder responder, LedgerQueries ledger) {
        router.route("/").useNormalizedPath(false).handler(new Endpoint(new PageResource(), responder));
        router.route("/stats").useNormalizedPath(false).handler(new Endpoint(new StatsResource(ledger), responder));
        router.route("/exchanges")
                .useNormalizedPath(false)
                .handler(new Endpoint(new ExchangesResource(ledger), responder));
    }

    @Override
    public Future<?> stop() {
        // an application without its web is on its way out, whoever undeployed it
        readiness.drain();
        return server.drain(grace, reporter::cut).compose(drained -> flush());
    }

    private Future<Void> flush() {
        Promise<Void> end = Promise.promise();
        reporter.flush().onComplete(flushed -> end.tryComplete());
        vertx.setTimer(LAST_FLUSH.toMillis(), late -> {
            if (end.tryComplete()) {
                LOG.warn("the ledger did not take the last exchanges within {}", LAST_FLUSH);
            }
        });
        return end.future();
    }
}
