package dev.greeter.http.bridge;

import dev.greeter.bus.LedgerClient;
import dev.greeter.http.Connections;
import dev.greeter.http.Endpoint;
import dev.greeter.http.Problem;
import dev.greeter.http.Responder;
import dev.greeter.http.Response;
import dev.greeter.http.WebConnection;
import dev.greeter.net.LoopClock;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /eventbus/websocket}, and the WebSockets of SockJS below {@code /eventbus}: the event bus for browsers and other
 * clients. They reach its public addresses only: they send queries, and get replies and updates. It has none of SockJS's transports for browsers
 * without WebSockets, because those buffer between two polls and such browsers are gone. Used by its verticle's context only.
 */
public final class BridgeHandler implements Handler<RoutingContext> {
    private static final Pattern WEB_SOCKET = Pattern.compile("/eventbus(/[^/.%]+/[^/.%]+)?/websocket");

    private static final Problem TOO_MANY =
            new Problem(503, "There are as many bridge connections as this server allows.");
    private static final Problem STOPPING = new Problem(503, "This server is stopping.");

    private static final Logger LOG = LoggerFactory.getLogger(BridgeHandler.class);

    private final Context context;
    private final BridgeAccess access;
    private final Connections connections;
    private final Responder responder;
    private final Endpoint noWebSocket;
    private final LedgerClient ledger;
    private final Updates updates;
    private final LoopClock clock = new LoopClock();
    private final Set<BridgeConnection> open = new HashSet<>();

    /** Creates the handler of one server instance. */
    public BridgeHandler(
            Vertx vertx, BridgeAccess access, Connections connections, Responder responder, LedgerClient ledger) {
        this.context = vertx.getOrCreateContext();
        this.access = access;
        this.connections = connections;
        this.responder = responder;
        this.ledger = ledger;
        this.updates = new Updates(vertx);
        this.noWebSocket = new Endpoint(BridgeHandler::refusal, responder, connections);
        clock.start(vertx, () -> List.copyOf(open).forEach(BridgeConnection::check));
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        WebConnection connection = connections.of(request);
        Matcher path = WEB_SOCKET.matcher(request.path());
        if (connection == null || !path.matches()) {
            context.next();
        } else if (!access.allowsOrigin(request)) {
            responder.send(request, BridgeInfoResource.OTHER_ORIGIN);
        } else if (!request.method().equals(HttpMethod.GET)
                || !connection.isOnlyRequest()
                || WebSocketHandshake.refusal(request).isPresent()) {
            noWebSocket.handle(context);
        } else if (connections.areDraining()) {
            responder.send(request, STOPPING);
        } else if (!access.webSocketLimit().take()) {
            responder.send(request, TOO_MANY);
        } else {
            WebSocketHandshake.simplify(request);
            BridgeFraming framing = path.group(1) == null ? BridgeFraming.RAW : BridgeFraming.SOCKJS;
            // created before the client knows that it may send
            WebSocketGuard guard = new WebSocketGuard(access.maxMessagesPerSecond(), clock);
            request.toWebSocket()
                    .onComplete(
                            socket -> opened(connection, socket, framing, guard), failure -> failed(request, failure));
        }
    }

    private static Future<Response> refusal(HttpServerRequest request) {
        Optional<Response> refusal = WebSocketHandshake.refusal(request);
        return Future.succeededFuture(refusal.orElseGet(() -> WebSocketHandshake.upgradeRequired(request)));
    }

    private void opened(WebConnection connection, ServerWebSocket socket, BridgeFraming framing, WebSocketGuard guard) {
        BridgeConnection bridge = new BridgeConnection(socket, framing, guard, ledger, updates, access.unsent(), clock);
        connection
                .channel()
                .add(new Utf8FrameValidator(false))
                .add(new FragmentLimit())
                .add(new WebSocketFrameAggregator(access.maxMessageOctets()))
                .add(guard);
        // later, because a write may be what changes it
        guard.onChange(() -> context.runOnContext(changed -> bridge.proceed()));
        connection.upgraded(guard);
        open.add(bridge);
        connection.channel().onClose(() -> {
            access.webSocketLimit().release();
            open.remove(bridge);
            bridge.closed();
        });
        if (!socket.isClosed()) {
            bridge.open();
        }
    }

    /** The client went, because all other causes were checked before. */
    private void failed(HttpServerRequest request, Throwable failure) {
        access.webSocketLimit().release();
        LOG.debug("no WebSocket came of a handshake: {}", failure.toString());
        responder.abandoned(request);
    }
}
