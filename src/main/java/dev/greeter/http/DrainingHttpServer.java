package dev.greeter.http;

import dev.greeter.net.Grace;
import dev.greeter.net.ServerBinding.Admission;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
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
import java.util.concurrent.TimeUnit;

/** One HttpServer with its routes, from its start to its drain: the part that both servers have in common. */
public final class DrainingHttpServer {
    /** For how long requests are still answered, with {@code connection: close}, before idle connections are closed. */
    private static final Duration LAST_CHANCE = Duration.ofMillis(500);

    /** Keeps Vert.x from ending the grace period on its own, because we count the connections that are cut. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    /**
     * The kernel's, of each connection; Linux counts twice as much, and would go up to 4 MiB for a client that reads nothing. With
     * half of it, a long response waits 40 ms and more for delayed acknowledgements on a loopback, whose segments are as long.
     */
    private static final int SEND_BUFFER_OCTETS = 64 << 10;

    private static final Problem NO_TLS = new Problem(400, "This port speaks HTTPS only.", true);

    private static final Problem TOO_MANY_CONNECTIONS =
            new Problem(503, "There are as many connections as this server allows.", true);

    private static final Problem TOO_MANY_OF_PEER =
            new Problem(503, "Your address has as many connections, or new ones in a second, as one may have.", true);

    private final Vertx vertx;
    private final HttpBinding binding;
    private final Connections connections;
    private final Responder responder;
    private final Responder unrouted;
    private final Router router;
    private final HttpServer server;

    /**
     * Creates the server; its routes have to be added before it listens.
     *
     * @param webSockets the limits of the WebSockets that a route opens
     * @param tracing whether requests are traced, where anything is
     * @param keepsBodies whether an endpoint uses the bodies of requests
     * @param responder sends the responses of resources
     * @param unrouted sends the responses to requests that reach no endpoint
     */
    public DrainingHttpServer(
            Vertx vertx,
            HttpBinding binding,
            WebSocketServerConfig webSockets,
            TracingPolicy tracing,
            boolean keepsBodies,
            Connections connections,
            Responder responder,
            Responder unrouted) {
        this.vertx = vertx;
        this.binding = binding;
        this.connections = connections;
        this.responder = responder;
        this.unrouted = unrouted;
        router = Router.router(vertx);
        ErrorHandler errors = new ErrorHandler(unrouted);
        errors.handleErrorsOf(router);
        BodyHandler whole = new BodyHandler(connections, unrouted, keepsBodies, router);
        server = vertx.createHttpServer(config(webSockets, tracing))
                .connectionHandler(connections::opened)
                .invalidRequestHandler(request -> handle(request, errors::invalid))
                .requestHandler(request -> handle(request, whole));
    }

    /** Serves a resource at a path. */
    public void route(String path, Resource resource) {
        route(path, resource, responder);
    }

    /** Serves a resource at a path, and sends its responses by this responder. */
    public void route(String path, Resource resource, Responder by) {
        Endpoint endpoint = new Endpoint(resource, by, connections);
        handler(path, context -> {
            if (endsWithOneMoreSlash(context.request().path())) {
                context.next();
            } else {
                endpoint.handle(context);
            }
        });
    }

    /** The Router takes {@code /stats/} for {@code /stats}. */
    private static boolean endsWithOneMoreSlash(String path) {
        return path.length() > 1 && path.endsWith("/");
    }

    /** Passes the requests for a path, or for all paths below it if it ends with a star, to a handler. */
    public void handler(String path, Handler<RoutingContext> handler) {
        router.route(path).useNormalizedPath(false).handler(handler);
    }

    /** Returns the paths of all routes; one that ends with a slash stands for all paths below it. */
    public List<String> paths() {
        return router.getRoutes().stream().map(Route::getPath).toList();
    }

    /**
     * Listens at the address of its binding.
     *
     * @throws UnknownHostException if the host has a zone that this machine has no interface of
     */
    public Future<Void> listen() throws UnknownHostException {
        return server.listen(binding.address())
                .onSuccess(listening -> binding.bound(listening.actualPort()))
                .mapEmpty();
    }

    /**
     * Answers the requests that clients have sent, and closes. Responses have {@code connection: close} for a while before
     * idle connections are closed, because a connection that is closed while a request is on its way loses that request.
     *
     * @param grace at its end, connections are cut
     * @param onCut runs for each connection that is cut with a request unanswered
     * @return completes when all connections are closed
     */
    public Future<Void> drain(Grace grace, Runnable onCut) {
        connections.drain();
        return binding.close(vertx.getOrCreateContext()).eventually(() -> {
            Runnable drained = grace.begin(vertx, () -> cut(onCut));
            return lastChance(grace.duration())
                    .compose(over -> {
                        connections.open().forEach(WebConnection::linger);
                        return server.shutdown(grace.duration().plus(MARGIN));
                    })
                    .eventually(connections::none)
                    .onComplete(closed -> drained.run());
        });
    }

    /** Completes when all connections are closed, or after {@link #LAST_CHANCE}. */
    private Future<?> lastChance(Duration grace) {
        Duration chance = LAST_CHANCE.compareTo(grace) < 0 ? LAST_CHANCE : grace;
        return Future.any(connections.none(), vertx.timer(Math.max(1, chance.toMillis()), TimeUnit.MILLISECONDS));
    }

    private void cut(Runnable onCut) {
        for (WebConnection connection : connections.open()) {
            if (connection.isBusy()) {
                onCut.run();
            }
            connection.channel().cut();
        }
    }

    private void handle(HttpServerRequest request, Handler<HttpServerRequest> handler) {
        WebConnection connection = connections.of(request);
        if (connection != null) {
            if (connection.isFinishing()) {
                return;
            }
            connection.requested();
            if (connection.channel().lacksTls()) {
                unrouted.send(request, NO_TLS);
                return;
            }
            if (connection.isOverLimit()) {
                unrouted.send(
                        request, connection.admission() == Admission.REFUSED ? TOO_MANY_CONNECTIONS : TOO_MANY_OF_PEER);
                return;
            }
        }
        handler.handle(request);
    }

    private static HttpServerConfig config(WebSocketServerConfig webSockets, TracingPolicy tracing) {
        HttpServerConfig config = new HttpServerConfig()
                // HTTP/2 in clear text would need its own drain and limits, and has no client here
                .setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1)
                .setHttp1Config(HeadCheck.LIMITS)
                // the handler for compression delays every request, and closes a connection with 128 pipelined requests
                .setWebSocketConfig(webSockets.setUsePerFrameCompression(false).setUsePerMessageCompression(false))
                .setObservabilityConfig(new ObservabilityConfig().setTracingPolicy(tracing));
        config.getTcpConfig().getTransportConfig().setSendBufferSize(SEND_BUFFER_OCTETS);
        return config;
    }
}
