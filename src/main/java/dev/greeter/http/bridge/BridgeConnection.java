package dev.greeter.http.bridge;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.net.Deadline;
import dev.greeter.net.LoopClock;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the bridge, from the handshake on. Vert.x's bridge would pass every query to the nodes in turn, including one
 * that has just died, and leave it to the client to repeat it. Used by its verticle's context only.
 */
final class BridgeConnection {
    /** How long a client may send nothing; Vert.x's clients send a ping every five seconds. */
    static final Duration MAX_SILENCE = Duration.ofSeconds(10);

    /** The same as in Vert.x's bridge. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(25);

    private static final WebSocketCloseStatus SILENT = new WebSocketCloseStatus(
            WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code(), "no message for " + MAX_SILENCE.toSeconds() + " s");

    private static final Logger LOG = LoggerFactory.getLogger(BridgeConnection.class);

    private final Vertx vertx;
    private final ServerWebSocket socket;
    private final BridgeFraming framing;
    private final WebSocketGuard guard;
    private final LedgerClient ledger;
    private final Deadline silence;
    private final Deadline heartbeat;
    private @Nullable MessageConsumer<Object> updates;

    BridgeConnection(
            Vertx vertx,
            ServerWebSocket socket,
            BridgeFraming framing,
            WebSocketGuard guard,
            LedgerClient ledger,
            LoopClock clock) {
        this.vertx = vertx;
        this.socket = socket;
        this.framing = framing;
        this.guard = guard;
        this.ledger = ledger;
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

    /** Ends a silent client, and sends heartbeats; to be called at each tick of the clock. */
    void check() {
        if (silence.isOver()) {
            guard.end(SILENT);
        } else if (heartbeat.isOver()) {
            heartbeat.in(HEARTBEAT);
            log(framing.beat(socket));
        }
        guard.check();
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
        // the frame was counted as one of them; without any it still is one
        if (guard.admits(Math.max(0, messages.size() - 1))) {
            messages.forEach(text -> take(BridgeMessage.read(text)));
        }
    }

    private void take(BridgeMessage message) {
        if (message instanceof BridgeMessage.Query query) {
            answer(query).onSuccess(this::send);
        } else if (message instanceof BridgeMessage.Refused refused) {
            send(refused.reply());
        } else if (message instanceof BridgeMessage.Register) {
            register();
        } else if (message instanceof BridgeMessage.Unregister) {
            unregister();
        }
    }

    /** Returns the reply within about a second, so that few queries of a connection wait at a time; never fails. */
    private Future<JsonObject> answer(BridgeMessage.Query query) {
        String reply = query.replyAddress();
        // this node knows the stats of all, but each node has its own newest exchanges
        Future<Object> answered = Addresses.RECENT.equals(query.address())
                ? ledger.askInTurn(query.address(), query.query())
                : ledger.ask(query.address(), query.query());
        return answered.map(body -> BridgeMessage.received(reply, body))
                .otherwise(failure -> failure instanceof ReplyException known
                        ? BridgeMessage.error(reply, known.failureCode(), known.failureType(), known.getMessage())
                        : BridgeMessage.error(reply, -1, ReplyFailure.ERROR, failure.getMessage()));
    }

    private void register() {
        if (updates != null) {
            send(BridgeMessage.refused("address_already_registered").reply());
            return;
        }
        MessageConsumer<Object> registered = vertx.eventBus().consumer(Addresses.UPDATES, this::update);
        updates = registered;
        registered.completion().onFailure(failure -> {
            LOG.warn("cannot register for updates", failure);
            if (updates == registered) {
                // the client may ask again
                unregister();
            }
            send(BridgeMessage.refused("registration_failure").reply());
        });
    }

    /** Ends the updates; has to be called when the socket is closed. */
    void unregister() {
        MessageConsumer<Object> registered = updates;
        if (registered != null) {
            updates = null;
            log(registered.unregister());
        }
    }

    private void update(Message<Object> update) {
        // not queued for a slow client, because the next update replaces it
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
