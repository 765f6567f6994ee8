package dev.greeter.client;

import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.client.connect.ClientTls;
import dev.greeter.client.connect.Dialer;
import dev.greeter.client.connect.TlsConnector;
import dev.greeter.json.StrictJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the event bus, and subscribes to it, through a server's bridge. Each call has its own WebSocket, and its
 * future fails with a {@link ClientException} only. A message of over 256 KiB ends the call.
 */
public final class BridgeClient {
    private static final String REPLIES = "replies";

    /** The bridge hangs up on a client that is silent for ten seconds. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Dialer dialer;
    private final ClientTls settings;

    public BridgeClient(Vertx vertx, ClientTls tls) {
        this.vertx = vertx;
        this.settings = tls;
        this.dialer = new Dialer(vertx);
    }

    /** Sends a request and returns its reply's body, within the timeout, which includes the connect. */
    public Future<JsonObject> request(Url bridge, String address, JsonObject body, Duration timeout) {
        JsonObject send = message("send", address).put("replyAddress", REPLIES).put("body", body);
        return new Call(bridge, timeout, send, null).start();
    }

    /**
     * Receives the messages that are published at an address.
     *
     * @param updates receives each message's body, on the event loop, and returns whether it wants more
     * @param timeout to the first message, and from each to the next
     * @return the last message's body, once no more is wanted
     */
    public Future<JsonObject> subscribe(Url bridge, String address, Predicate<JsonObject> updates, Duration timeout) {
        return new Call(bridge, timeout, message("register", address), updates).start();
    }

    private static JsonObject message(String type, String address) {
        return new JsonObject().put("type", type).put("address", address);
    }

    private final class Call extends ClientCall<JsonObject> implements ClientWebSocket.Listener {
        private final Url bridge;
        private final JsonObject first;
        private final @Nullable Predicate<JsonObject> updates;
        private @Nullable ClientWebSocket socket;
        private boolean isOpen;
        /** Timers have numbers from 0 on. */
        private long ping = -1;

        Call(Url bridge, Duration timeout, JsonObject first, @Nullable Predicate<JsonObject> updates) {
            super(BridgeClient.this.vertx, bridge.toString(), timeout);
            this.bridge = bridge;
            this.first = first;
            this.updates = updates;
        }

        @Override
        void connect(Duration limit) {
            TlsConnector tls = bridge.isTls() ? new TlsConnector(settings) : null;
            dialer.connect(bridge.server(), limit, tls)
                    .onComplete(this::connected, cause -> stop(NetworkErrors.notConnected(cause)));
        }

        @Override
        String progress() {
            return updates == null || !isOpen ? "before an answer" : "before the next update";
        }

        private void connected(NetSocket connection) {
            ClientWebSocket opening = new ClientWebSocket(connection, bridge, this);
            socket = opening;
            if (opened(opening::close)) {
                opening.start();
            }
        }

        @Override
        public void opened() {
            if (!isOver()) {
                isOpen = true;
                ping = vertx.setPeriodic(PING_INTERVAL.toMillis(), tick -> send("{\"type\":\"ping\"}"));
                send(first.encode());
            }
        }

        @Override
        public void refused(String why) {
            fail(why);
        }

        @Override
        public void ended(String why) {
            stop(why);
        }

        private void send(String message) {
            Objects.requireNonNull(socket).send(message);
        }

        @Override
        void end() {
            vertx.cancelTimer(ping);
            super.end();
        }

        @Override
        public void received(String text) {
            try {
                if (!(StrictJson.read(text) instanceof JsonObject message)) {
                    fail("answered " + TerminalText.quoted(text) + ", expected a JSON object");
                } else if ("rec".equals(message.getValue("type"))) {
                    take(message);
                } else if ("err".equals(message.getValue("type"))) {
                    Object error = message.getValue("message", message.getValue("body"));
                    fail("answered the error " + TerminalText.quoted(String.valueOf(error)));
                }
            } catch (DecodeException e) {
                fail("answered " + TerminalText.quoted(text) + ", expected JSON");
            }
        }

        private void take(JsonObject message) {
            if (!(message.getValue("body") instanceof JsonObject body)) {
                fail("answered " + TerminalText.quoted(message.encode()) + ", expected an object as its body");
            } else if (updates == null) {
                succeed(body);
            } else if (!isOver()) {
                restartTimer();
                show(updates, body);
            }
        }

        private void show(Predicate<JsonObject> to, JsonObject body) {
            try {
                if (!to.test(body)) {
                    succeed(body);
                }
            } catch (BadMessageException e) {
                fail("answered wrong " + NetworkErrors.said(e));
            }
        }
    }
}
