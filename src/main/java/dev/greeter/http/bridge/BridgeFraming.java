package dev.greeter.http.bridge;

import dev.greeter.http.StrictJson;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import java.util.List;

/** The form of the bridge's messages in a WebSocket, the same as of Vert.x's bridge. */
enum BridgeFraming {
    /** Each message is one WebSocket message: text or binary from the client, binary from the server. */
    RAW {
        @Override
        Future<Void> open(ServerWebSocket socket) {
            return Future.succeededFuture();
        }

        @Override
        Future<Void> beat(ServerWebSocket socket) {
            return Future.succeededFuture();
        }

        @Override
        List<String> read(String text) {
            return List.of(text);
        }

        @Override
        List<String> read(Buffer octets) throws UnreadableException {
            try {
                return List.of(StrictJson.text(octets));
            } catch (DecodeException e) {
                throw new UnreadableException(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "no UTF-8");
            }
        }

        @Override
        Future<Void> write(ServerWebSocket socket, String message) {
            return socket.writeBinaryMessage(Buffer.buffer(message));
        }
    },

    /** All messages are text: the client sends a JSON array of messages, or one; the server sends an array after a letter. */
    SOCKJS {
        @Override
        Future<Void> open(ServerWebSocket socket) {
            return socket.writeTextMessage("o");
        }

        @Override
        Future<Void> beat(ServerWebSocket socket) {
            return socket.writeTextMessage("h");
        }

        @Override
        List<String> read(String text) throws UnreadableException {
            if (text.isEmpty()) {
                return List.of();
            }
            JsonArray messages = array(text);
            if (!messages.stream().allMatch(String.class::isInstance)) {
                throw noMessages();
            }
            return messages.stream().map(String.class::cast).toList();
        }

        private JsonArray array(String text) throws UnreadableException {
            try {
                Object value = StrictJson.read(text);
                return value instanceof JsonArray several ? several : new JsonArray().add(value);
            } catch (DecodeException e) {
                throw noMessages();
            }
        }

        private UnreadableException noMessages() {
            return new UnreadableException(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "no JSON array of texts");
        }

        @Override
        List<String> read(Buffer octets) throws UnreadableException {
            throw new UnreadableException(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "SockJS has text only");
        }

        @Override
        Future<Void> write(ServerWebSocket socket, String message) {
            return socket.writeTextMessage("a" + new JsonArray().add(message).encode());
        }
    };

    /** A WebSocket message without messages of the bridge in it, which ends the connection. */
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
    abstract Future<Void> open(ServerWebSocket socket);

    /** Sends a heartbeat, so that proxies do not close an idle connection. */
    abstract Future<Void> beat(ServerWebSocket socket);

    abstract List<String> read(String text) throws UnreadableException;

    abstract List<String> read(Buffer octets) throws UnreadableException;

    abstract Future<Void> write(ServerWebSocket socket, String message);
}
