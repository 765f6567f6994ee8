package dev.greeter.cli;

import dev.greeter.bus.BadMessageException;
import dev.greeter.client.Dialer;
import dev.greeter.client.Url;
import dev.greeter.config.HostPort;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Talks to the event bus through a server's bridge, over a raw WebSocket, one for each call. A future fails with a
 * {@link ClientException} only. Messages of over 256 KiB end it.
 */
final class BridgeClient {
    private static final String REPLIES = "replies";
    private static final String ANY_ORIGIN = "http://localhost";

    /** The bridge hangs up on who is silent for ten seconds. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Dialer dialer;
    private final WebSocketClient client;

    BridgeClient(Vertx vertx) {
        this.vertx = vertx;
        this.dialer = new Dialer(vertx);
        this.client = vertx.createWebSocketClient();
    }

    /** Sends a request and gives its reply's body, within the timeout, which includes the connect. */
    Future<JsonObject> request(Url bridge, String address, JsonObject body, Duration timeout) {
        JsonObject send = message("send", address).put("replyAddress", REPLIES).put("body", body);
        return new Call(bridge, timeout, send, null).start();
    }

    /**
     * Takes what is published at an address.
     *
     * @param updates takes each message's body, on the event loop, and says whether it wants more
     * @param timeout to the first message, and from each to the next
     * @return the last message's body, once no more is wanted
     */
    Future<JsonObject> subscribe(Url bridge, String address, Predicate<JsonObject> updates, Duration timeout) {
        return new Call(bridge, timeout, message("register", address), updates).start();
    }

    private static JsonObject message(String type, String address) {
        return new JsonObject().put("type", type).put("address", address);
    }

    private final class Call extends Attempt<JsonObject> {
        private final Url bridge;
        private final JsonObject first;
        private final @Nullable Predicate<JsonObject> updates;

        Call(Url bridge, Duration timeout, JsonObject first, @Nullable Predicate<JsonObject> updates) {
            super(BridgeClient.this.vertx, bridge.toString(), timeout);
            this.bridge = bridge;
            this.first = first;
            this.updates = updates;
        }

        @Override
        void connect(Duration limit) {
            dialer.reach(bridge.server(), limit)
                    .compose(address -> client.connect(new WebSocketConnectOptions()
                            .setSsl(bridge.isTls())
                            .setServer(address)
                            .setHost(new HostPort(address.host(), address.port()).bracketed())
                            .setPort(address.port())
                            // Vert.x makes a URI of it, where a host may not be any that HTTP allows
                            .setURI(ANY_ORIGIN + bridge.target())
                            .setAllowOriginHeader(false)
                            .putHeader(HttpHeaders.HOST, bridge.authority())
                            .putHeader(HttpHeaders.USER_AGENT, "greeter/" + Version.number())
                            .setConnectTimeout(limit.toMillis())))
                    .onComplete(this::connected, cause -> stop(Why.notConnected(cause)));
        }

        @Override
        String progress() {
            return updates == null ? "before an answer" : "before the next update";
        }

        private void connected(WebSocket socket) {
            long ping =
                    vertx.setPeriodic(PING_INTERVAL.toMillis(), tick -> socket.writeTextMessage("{\"type\":\"ping\"}"));
            socket.textMessageHandler(this::read);
            // which is what the bridge of Vert.x 5 sends
            socket.binaryMessageHandler(message -> read(message.toString()));
            socket.exceptionHandler(cause -> stop(Why.broken(cause)));
            socket.closeHandler(closed -> {
                vertx.cancelTimer(ping);
                stop("closed");
            });
            if (opened(socket::close)) {
                socket.writeTextMessage(first.encode());
            }
        }

        private void read(String text) {
            try {
                JsonObject message = new JsonObject(text);
                if ("rec".equals(message.getValue("type"))) {
                    take(message);
                } else if ("err".equals(message.getValue("type"))) {
                    Object told = message.getValue("message", message.getValue("body"));
                    fail("answered the error " + Why.quoted(String.valueOf(told)));
                }
            } catch (DecodeException e) {
                fail("answered " + Why.quoted(text) + ", expected JSON");
            }
        }

        private void take(JsonObject message) {
            if (!(message.getValue("body") instanceof JsonObject body)) {
                fail("answered " + Why.quoted(message.encode()) + ", expected an object as its body");
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
                fail("answered wrong " + Why.said(e));
            }
        }
    }
}
