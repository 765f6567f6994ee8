package dev.greeter.http.bridge;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.json.JsonText;
import dev.greeter.net.Deadline;
import dev.greeter.net.LoopClock;
import dev.greeter.net.MemoryGuard;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the bridge, from the handshake on. Vert.x's bridge would pass every query to the nodes in turn, including one
 * that has just died, and leave it to the client to repeat it. Used by its verticle's context only.
 */
final class BridgeConnection implements Updates.Subscriber {
    /** How long a client may send nothing; Vert.x's clients send a ping every five seconds. */
    static final Duration MAX_SILENCE = Duration.ofSeconds(10);

    /** The same as in Vert.x's bridge. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(25);

    /** Queries of a client under way at a time: those to a node that stands still take half a second each. */
    static final int MAX_QUERIES = 8;

    private static final WebSocketCloseStatus SILENT = new WebSocketCloseStatus(
            WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code(), "no message for " + MAX_SILENCE.toSeconds() + " s");

    private static final Logger LOG = LoggerFactory.getLogger(BridgeConnection.class);

    private final ServerWebSocket socket;
    private final BridgeFraming framing;
    private final WebSocketGuard guard;
    private final LedgerClient ledger;
    private final Updates updates;
    private final UnsentText unsent;
    private final Deadline silence;
    private final Deadline heartbeat;

    /** Those that have not begun. */
    private final Deque<BridgeMessage.Query> queries = new ArrayDeque<>();
    /** Those that wait until the client has read more. */
    private final Deque<Reply> replies = new ArrayDeque<>();

    private int underWay;
    private boolean proceeding;
    private boolean paused;
    /** Before Vert.x's socket knows. */
    private boolean closed;

    /** A reply to an address of the client, or an update. */
    private record Reply(String address, JsonText body) {}

    BridgeConnection(
            ServerWebSocket socket,
            BridgeFraming framing,
            WebSocketGuard guard,
            LedgerClient ledger,
            Updates updates,
            UnsentText unsent,
            LoopClock clock) {
        this.socket = socket;
        this.framing = framing;
        this.guard = guard;
        this.ledger = ledger;
        this.updates = updates;
        this.unsent = unsent;
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
        if (paused) {
            // nothing is read at the moment
            silence.in(MAX_SILENCE);
        }
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
            Iterator<String> texts = messages.iterator();
            // the write of an answer may close the connection
            while (!isOver() && texts.hasNext()) {
                take(BridgeMessage.read(texts.next()));
            }
            proceed();
        }
    }

    private void take(BridgeMessage message) {
        if (message instanceof BridgeMessage.Query query) {
            queries.add(query);
        } else if (message instanceof BridgeMessage.Refused refused) {
            send(refused.reply());
        } else if (message instanceof BridgeMessage.Register) {
            register();
        } else if (message instanceof BridgeMessage.Unregister) {
            updates.remove(this);
        }
    }

    /**
     * Sends replies while the client reads them, and then begins queries while only a few are under way. Until all have begun
     * and the client reads, nothing more is read of it, because short queries have long replies, which would take the memory of
     * all. After the end all of it is read and dropped, up to the peer's close frame. Has to be called when the guard has
     * changed.
     */
    void proceed() {
        if (proceeding) {
            return;
        }
        if (isOver()) {
            discard();
            return;
        }
        proceeding = true;
        try {
            while (!isOver() && guard.isWritable() && (mayBegin() || !replies.isEmpty())) {
                if (replies.isEmpty()) {
                    begin(queries.remove());
                } else {
                    send(release(replies.remove()));
                }
            }
        } finally {
            proceeding = false;
        }
        pause(!isOver() && !(queries.isEmpty() && guard.isWritable()));
    }

    private boolean mayBegin() {
        return underWay < MAX_QUERIES && !queries.isEmpty();
    }

    private void pause(boolean pause) {
        if (pause != paused) {
            paused = pause;
            guard.pause(pause);
            if (pause) {
                socket.pause();
            } else {
                socket.resume();
            }
        }
    }

    private void begin(BridgeMessage.Query query) {
        underWay++;
        ask(query).onComplete(answered -> {
            underWay--;
            if (answered.succeeded()) {
                reply(new Reply(query.replyAddress(), answered.result()));
            } else if (!isOver()) {
                send(BridgeMessage.error(query.replyAddress(), answered.cause()));
            }
            proceed();
        });
    }

    /** Is answered within about three seconds. */
    private Future<JsonText> ask(BridgeMessage.Query query) {
        // this node knows the stats of all, but each node has its own newest exchanges
        return Addresses.RECENT.equals(query.address())
                ? ledger.askInTurnForJson(query.address(), query.query())
                : ledger.askForJson(query.address(), query.query());
    }

    private void reply(Reply reply) {
        if (isOver()) {
            return;
        }
        if (replies.isEmpty() && guard.isWritable()) {
            send(reply);
        } else if (unsent.keep(reply.body(), framing)) {
            replies.add(reply);
        } else {
            send(refusal(reply));
        }
    }

    private static JsonObject refusal(Reply reply) {
        return BridgeMessage.error(reply.address(), -1, ReplyFailure.ERROR, MemoryGuard.SCARCE);
    }

    private Reply release(Reply reply) {
        unsent.release(reply.body(), framing);
        return reply;
    }

    private void send(Reply reply) {
        if (MemoryGuard.admits(framing.length(reply.body()))) {
            log(framing.write(socket, reply.address(), reply.body()));
        } else {
            send(refusal(reply));
        }
    }

    /** Gives back what it has of others; has to be called when the channel is closed, which may be within any write. */
    void closed() {
        closed = true;
        discard();
    }

    private void discard() {
        updates.remove(this);
        queries.clear();
        replies.forEach(this::release);
        replies.clear();
        // Vert.x keeps what is not read, with its direct memory
        pause(false);
    }

    private boolean isOver() {
        return closed || guard.hasEnded() || socket.isClosed();
    }

    private void register() {
        if (!isOver() && !updates.add(this)) {
            send(BridgeMessage.refused("address_already_registered").reply());
        }
    }

    @Override
    public void refused() {
        send(BridgeMessage.refused("registration_failure").reply());
    }

    @Override
    public void update(JsonText stats) {
        // not queued for a slow client, because the next update replaces it
        if (!isOver() && guard.isWritable()) {
            send(new Reply(Addresses.UPDATES, stats));
        }
    }

    private void send(JsonObject message) {
        log(framing.write(socket, message));
    }

    private static void log(Future<Void> done) {
        done.onFailure(gone -> LOG.debug("nobody is left to send to: {}", gone.toString()));
    }
}
