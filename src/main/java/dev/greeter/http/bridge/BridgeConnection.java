package dev.greeter.http.bridge;

import dev.greeter.bus.Addresses;
import dev.greeter.net.Deadline;
import dev.greeter.net.LoopClock;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client of the bridge, from the handshake on. Used by its verticle's context only. */
final class BridgeConnection {
    /** How long a client may say nothing: Vert.x's send a ping every five seconds. */
    static final Duration MAX_SILENCE = Duration.ofSeconds(10);

    /** As with Vert.x's bridge. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(25);

    private static final WebSocketCloseStatus SILENT = new WebSocketCloseStatus(
            WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code(), "no message for " + MAX_SILENCE.toSeconds() + " s");

    private static final Logger LOG = LoggerFactory.getLogger(BridgeConnection.class);

    private final Vertx vertx;
    private final ServerWebSocket socket;
    private final BridgeFraming framing;
    private final WebSocketGuard guard;
    private final BridgeQueries queries;
    private final Deadline silence;
    private final Deadline heartbeat;
    private @Nullable MessageConsumer<Object> updates;

    BridgeConnection(
            Vertx vertx,
            ServerWebSocket socket,
            BridgeFraming framing,
            WebSocketGuard guard,
            BridgeQueries queries,
            LoopClock clock) {
        this.vertx = vertx;
        this.socket = socket;
        this.framing = framing;
        this.guard = guard;
        this.queries = queries;
        silence = clock.deadline();
        heartbeat = clock.deadline();
    }

    void open() {
        silence.in(MAX_SILENCE);
        heartbeat.in(HEARTBEAT);
        socket.textMessageHandler(this::received);
        socket.binaryMessageHandler(this::received);
        log(framing.open(socket));
    }

    /** To be called at each tick of the clock. */
    void check() {
        if (silence.isOver()) {
            guard.end(SILENT);
        } else if (heartbeat.isOver()) {
            heartbeat.in(HEARTBEAT);
            log(framing.beat(socket));
        }
        guard.check();
    }

    /** It is closed. */
    void closed() {
        unregister();
    }

    private void received(String text) {
        try {
            received(framing.read(text));
        } catch (BridgeFraming.UnreadableException e) {
            guard.end(e.status());
        }
    }

    private void received(Buffer octets) {
        try {
            received(framing.read(octets));
        } catch (BridgeFraming.UnreadableException e) {
            guard.end(e.status());
        }
    }

    private void received(List<String> messages) {
        silence.in(MAX_SILENCE);
        // one of them was counted as the frame
        if (guard.admits(messages.size() - 1)) {
            messages.forEach(text -> take(BridgeMessage.read(text)));
        }
    }

    private void take(BridgeMessage message) {
        if (message instanceof BridgeMessage.Query query) {
            queries.answer(query).onSuccess(this::send);
        } else if (message instanceof BridgeMessage.Refused refused) {
            send(refused.answer());
        } else if (message instanceof BridgeMessage.Register) {
            register();
        } else if (message instanceof BridgeMessage.Unregister) {
            unregister();
        }
    }

    private void register() {
        if (updates != null) {
            send(BridgeMessage.refused("address_already_registered").answer());
            return;
        }
        MessageConsumer<Object> registered = vertx.eventBus().consumer(Addresses.UPDATES, this::update);
        updates = registered;
        registered.completion().onFailure(failure -> {
            LOG.warn("cannot register for updates", failure);
            send(BridgeMessage.refused("registration_failure").answer());
        });
    }

    private void unregister() {
        MessageConsumer<Object> registered = updates;
        if (registered != null) {
            updates = null;
            log(registered.unregister());
        }
    }

    private void update(Message<Object> update) {
        // it is out of date with the next one, so it need not wait
        if (updates != null && !socket.isClosed() && !socket.writeQueueFull()) {
            send(BridgeMessage.received(Addresses.UPDATES, update.body()));
        }
    }

    private void send(JsonObject message) {
        log(framing.write(socket, message.encode()));
    }

    private static void log(Future<Void> done) {
        done.onFailure(gone -> LOG.debug("nobody is left to send to: {}", gone.toString()));
    }
}
