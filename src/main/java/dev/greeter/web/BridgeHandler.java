package dev.greeter.web;

import static io.vertx.core.http.HttpHeaders.UPGRADE;

import dev.greeter.bus.Addresses;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.bridge.BridgeEventType;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.sockjs.BridgeEvent;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import io.vertx.ext.web.handler.sockjs.SockJSHandlerOptions;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code /eventbus/websocket}, and SockJS's own WebSockets below {@code /eventbus}: the event bus through Vert.x's bridge,
 * at the public addresses and in their direction only. Queries are answered by {@link BridgeQueries}. SockJS's transports for browsers without WebSockets are left out:
 * they would buffer between two polls, and there is no such browser any more.
 */
final class BridgeHandler implements Handler<RoutingContext> {
    private static final Pattern WEB_SOCKET = Pattern.compile("/eventbus(/[^/.]+/[^/.]+)?/websocket");
    private static final CharSequence WEBSOCKET = HttpHeaders.createOptimized("websocket");
    private static final CharSequence VERSION_NAME = HttpHeaders.createOptimized("sec-websocket-version");
    private static final CharSequence KEY_NAME = HttpHeaders.createOptimized("sec-websocket-key");
    private static final String VERSION = "13";
    private static final int KEY_LENGTH = 24;

    private static final Duration PING_TIMEOUT = Duration.ofSeconds(10);

    private static final Problem UPGRADE_REQUIRED = new Problem(
            426, "This is for WebSockets of version " + VERSION + ", as the first request of their connection.");
    private static final Problem TOO_MANY =
            new Problem(503, "There are as many bridge connections as this server allows.");
    private static final Problem STOPPING = new Problem(503, "This server is stopping.");

    private final Vertx vertx;
    private final BridgeAccess access;
    private final Connections connections;
    private final Responder responder;
    private final Endpoint noWebSocket;
    private final BridgeQueries queries;
    private @Nullable Router bridge;

    BridgeHandler(
            Vertx vertx, BridgeAccess access, Connections connections, Responder responder, BridgeQueries queries) {
        this.vertx = vertx;
        this.access = access;
        this.connections = connections;
        this.responder = responder;
        this.queries = queries;
        this.noWebSocket = new Endpoint(BridgeHandler::upgradeRequired, responder, connections);
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        WebConnection connection = connections.of(request);
        if (connection == null || !WEB_SOCKET.matcher(context.normalizedPath()).matches()) {
            context.next();
        } else if (!access.allowsOrigin(request)) {
            responder.send(request, BridgeInfoResource.OTHER_ORIGIN);
        } else if (!isWebSocket(request) || !connection.isOneAsked()) {
            noWebSocket.handle(context);
        } else if (connections.areDraining()) {
            responder.send(request, STOPPING);
        } else if (!access.places().take()) {
            responder.send(request, TOO_MANY);
        } else {
            connection
                    .channel()
                    .closeFuture()
                    .addListener(closed -> access.places().free());
            bridge().handleContext(context);
        }
    }

    /** What Vert.x would refuse past our handlers is none here. */
    private static boolean isWebSocket(HttpServerRequest request) {
        String key = request.getHeader(KEY_NAME);
        return request.canUpgradeToWebSocket()
                && VERSION.equals(request.getHeader(VERSION_NAME))
                && key != null
                && key.length() == KEY_LENGTH
                && !RequestBody.isPresent(request);
    }

    private static Future<Answer> upgradeRequired(HttpServerRequest request) {
        Answer answer = UPGRADE_REQUIRED.toAnswer(request);
        answer.headers().add(UPGRADE, WEBSOCKET).add(VERSION_NAME, VERSION);
        return Future.succeededFuture(answer);
    }

    /** Made for the first who needs it, as it takes a good part of a start. */
    private Router bridge() {
        if (bridge == null) {
            SockJSBridgeOptions options = new SockJSBridgeOptions()
                    .addOutboundPermitted(new PermittedOptions().setAddress(Addresses.UPDATES))
                    .setPingTimeout(PING_TIMEOUT.toMillis());
            bridge = SockJSHandler.create(vertx, new SockJSHandlerOptions().setInsertJSESSIONID(false))
                    .bridge(options, this::permit);
        }
        return bridge;
    }

    /** An event that is not completed is none of the bridge's any more. */
    private void permit(BridgeEvent event) {
        if (event.type() == BridgeEventType.SEND && BridgeQueries.isQuery(event.getRawMessage())) {
            queries.answer(event.socket(), event.getRawMessage());
            return;
        }
        event.complete(
                switch (event.type()) {
                    case SOCKET_CREATED -> guard(event.socket());
                    // nothing is permitted: it says so
                    case SEND -> !BridgeQueries.isAtPublicAddress(event.getRawMessage());
                    case PUBLISH -> false;
                    // an update is out of date with the next one, so it need not wait
                    case RECEIVE ->
                        !isUpdate(event.getRawMessage()) || !event.socket().writeQueueFull();
                    default -> true;
                });
    }

    private boolean guard(SockJSSocket socket) {
        WebConnection connection = connections.of(socket.routingContext().request());
        if (connection == null) {
            return false;
        }
        connection.upgraded(access.guard(), access.maxMessageOctets());
        return true;
    }

    private static boolean isUpdate(JsonObject message) {
        return Addresses.UPDATES.equals(message.getValue("address"));
    }
}
