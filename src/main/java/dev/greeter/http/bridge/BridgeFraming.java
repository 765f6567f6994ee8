package dev.greeter.http.bridge;

import dev.greeter.json.JsonText;
import dev.greeter.json.StrictJson;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The form of the bridge's messages in a WebSocket, the same as in Vert.x's bridge. */
enum BridgeFraming {
    /** Each message is one WebSocket message: text or binary from the client, binary from the server. */
    RAW,
    /** All messages are text: the client sends a JSON array of messages, or one; the server sends an array after a letter. */
    SOCKJS;

    /** A WebSocket message that holds no messages of the bridge, which ends the connection. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient WebSocketCloseStatus status;

        UnreadableException(WebSocketCloseStatus status, String reason) {
            super(reason);
            this.status = new WebSocketCloseStatus(status.code(), reason);
        }

        WebSocketCloseStatus status() {
            return status;
        }
    }

    /** Sends the first frame. */
    Future<Void> open(ServerWebSocket socket) {
        return this == RAW ? Future.succeededFuture() : socket.writeTextMessage("o");
    }

    /** Sends a heartbeat, so that proxies do not close an idle connection. */
    Future<Void> beat(ServerWebSocket socket) {
        return this == RAW ? Future.succeededFuture() : socket.writeTextMessage("h");
    }

    Future<Void> write(ServerWebSocket socket, JsonObject message) {
        return this == RAW
                ? socket.writeBinaryMessage(message.toBuffer())
                : socket.writeTextMessage(
                        "a" + new JsonArray().add(message.encode()).encode());
    }

    /** Returns how many octets a body has in a message. */
    int length(JsonText body) {
        return this == RAW ? body.octets().length() : body.inString().length();
    }

    /** Writes a published message, or the reply to a request; its body is shared, so that its text is not written anew. */
    Future<Void> write(ServerWebSocket socket, String address, JsonText body) {
        String before = "{\"type\":\"rec\",\"address\":" + Json.encode(address) + ",\"body\":";
        if (this == SOCKJS) {
            return socket.writeTextMessage("a[\"" + JsonText.inString(before) + body.inString() + "}\"]");
        }
        Buffer octets = body.octets();
        return socket.writeBinaryMessage(Buffer.buffer(before.length() + octets.length() + 1)
                .appendString(before)
                .appendBuffer(octets)
                .appendString("}"));
    }

    List<String> read(String text) throws UnreadableException {
        if (this == RAW) {
            return List.of(text);
        }
        if (text.isEmpty()) {
            return List.of();
        }
        JsonArray messages = array(text);
        if (!messages.stream().allMatch(String.class::isInstance)) {
            throw noMessages();
        }
        return messages.stream().map(String.class::cast).toList();
    }

    List<String> read(Buffer octets) throws UnreadableException {
        if (this == SOCKJS) {
            throw new UnreadableException(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "SockJS has text only");
        }
        try {
            return List.of(StrictJson.text(octets));
        } catch (DecodeException e) {
            throw new UnreadableException(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "no UTF-8");
        }
    }

    private static JsonArray array(String text) throws UnreadableException {
        try {
            Object value = StrictJson.read(text);
            return value instanceof JsonArray several ? several : new JsonArray().add(value);
        } catch (DecodeException e) {
            throw noMessages();
        }
    }

    private static UnreadableException noMessages() {
        return new UnreadableException(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "no JSON array of texts");
    }
}
