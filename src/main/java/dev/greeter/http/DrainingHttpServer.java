package dev.greeter.http;

import dev.greeter.net.Grace;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ObservabilityConfig;
import io.vertx.core.http.WebSocketServerConfig;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** One HttpServer from its listening to its drain: what the application's and the management's have in common. */
public final class DrainingHttpServer {
    /** How long clients that are still asking are answered and sent elsewhere, before idle connections are closed. */
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);

    /** Vert.x must not end the grace period on its own: we count whom that hits. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private static final Problem TOO_MANY_CONNECTIONS =
            new Problem(503, "There are as many connections as this server allows.", true);

    private final Vertx vertx;
    private final HttpBinding listener;
    private final Connections connections;
    private final Responder responder;
    private final Router router;
    private final HttpServer server;

    /**
     * @param webSockets how it speaks with those whom a route lets become one
     * @param tracing whether its requests are traced, where anything is
     * @param keepsBodies whether an endpoint wants the bodies of requests
     */
    public DrainingHttpServer(
            Vertx vertx,
            HttpBinding listener,
            WebSocketServerConfig webSockets,
            TracingPolicy tracing,
            boolean keepsBodies,
            Connections connections,
            Responder responder) {
        this.vertx = vertx;
        this.listener = listener;
        this.connections = connections;
        this.responder = responder;
        router = Router.router(vertx);
        new ProblemHandler(responder).answerFor(router);
        InvalidRequestHandler malformed = new InvalidRequestHandler(responder);
        BodyHandler whole = new BodyHandler(connections, responder, keepsBodies, router);
        server = vertx.createHttpServer(config(webSockets, tracing))
                .connectionHandler(connections::opened)
                .invalidRequestHandler(request -> handle(request, malformed))
                .requestHandler(request -> handle(request, whole));
    }

    /** Before it listens. */
    public void serve(String path, Resource resource) {
        route(path, new Endpoint(resource, responder, connections));
    }

    /** Before it listens. */
    public void route(String path, Handler<RoutingContext> endpoint) {
        router.route(path).useNormalizedPath(false).handler(endpoint);
    }

    public List<String> paths() {
        return router.getRoutes().stream().map(Route::getPath).toList();
    }

    public Future<Void> listen() throws UnknownHostException {
        return server.listen(listener.address())
                .onSuccess(listening -> listener.bound(listening.actualPort()))
                .mapEmpty();
    }

    /**
     * Answers what clients have sent, and closes: those that still ask are answered by {@code connection: close} first, as
     * an idle connection that is closed under a request just sent would lose it.
     *
     * @param grace when it is over, connections are cut
     * @param onCut runs for each connection that is cut at its end with a request unanswered
     */
    public Future<Void> drain(Grace grace, Runnable onCut) {
        connections.drain();
        return listener.close(vertx.getOrCreateContext()).eventually(() -> {
            Runnable drained = grace.begin(vertx, () -> cut(onCut));
            return allAreIdle(grace.duration())
                    .compose(idle -> {
                        connections.open().forEach(WebConnection::linger);
                        return server.shutdown(grace.duration().plus(MARGIN));
                    })
                    .eventually(connections::none)
                    .onComplete(closed -> drained.run());
        });
    }

    /** Completes when nobody asks any more, or had the time to. */
    private Future<Void> allAreIdle(Duration grace) {
        Promise<Void> idle = Promise.promise();
        connections.none().onComplete(gone -> idle.tryComplete());
        Duration chance = LAST_CHANCE.compareTo(grace) < 0 ? LAST_CHANCE : grace;
        vertx.setTimer(Math.max(1, chance.toMillis()), over -> idle.tryComplete());
        return idle.future();
    }

    private void cut(Runnable onCut) {
        for (WebConnection connection : connections.open()) {
            if (connection.isBusy()) {
                onCut.run();
            }
            connection.cut();
        }
    }

    private void handle(HttpServerRequest request, Handler<HttpServerRequest> handler) {
        WebConnection connection = connections.of(request);
        if (connection != null) {
            if (connection.isFinishing()) {
                return;
            }
            connection.asked();
            if (connection.isOverLimit()) {
                responder.send(request, TOO_MANY_CONNECTIONS);
                return;
            }
        }
        handler.handle(request);
    }

    private static HttpServerConfig config(WebSocketServerConfig webSockets, TracingPolicy tracing) {
        Http1ServerConfig http1 = new Http1ServerConfig()
                .setMaxInitialLineLength(InvalidRequestHandler.MAX_LINE_OCTETS)
                .setMaxHeaderSize(InvalidRequestHandler.MAX_HEADER_OCTETS);
        return new HttpServerConfig()
                // HTTP/2 in clear text would need a drain and a limit of its own, and has no client here
                .setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1)
                .setHttp1Config(http1)
                // its handler is in every request's way, and closes a connection with 128 requests in the pipeline
                .setWebSocketConfig(webSockets.setUsePerFrameCompression(false).setUsePerMessageCompression(false))
                .setObservabilityConfig(new ObservabilityConfig().setTracingPolicy(tracing));
    }
}
