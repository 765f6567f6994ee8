package dev.greeter.http.bridge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import dev.greeter.http.TestServer;
import dev.greeter.testing.RawClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A WebSocket client that sends and reads frames (RFC 6455, section 5.2), and any other octets. */
public final class WebSocketPeer {
    static final String RAW = "/eventbus/websocket";
    static final String SOCKJS = "/eventbus/000/abcdefgh/websocket";

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    public static final int CLOSE = 8;
    static final int PING = 9;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int LENGTH_OF_16_BITS = 126;

    /** The zero mask changes nothing. */
    static final String MASK = "\0\0\0\0";

    public final RawClient client;
    private final boolean sockJs;

    public record Frame(int opcode, String payload) {
        /** The status of a close frame. */
        int status() {
            return payload.charAt(0) << 8 | payload.charAt(1);
        }
    }

    private WebSocketPeer(RawClient client, boolean sockJs) {
        this.client = client;
        this.sockJs = sockJs;
    }

    /**
     * Opens a WebSocket.
     *
     * @param path decides whether messages are in SockJS's frames
     */
    public static WebSocketPeer open(RawClient client, String path) {
        String head = ask(client, path).head();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError(head);
        }
        WebSocketPeer peer = new WebSocketPeer(client, !path.equals(RAW));
        if (peer.sockJs && !peer.read().payload().equals("o")) {
            throw new AssertionError("SockJS did not open");
        }
        return peer;
    }

    /** Opens as many WebSockets as a test's server allows, as soon as it has these places free, and ends them. */
    static void awaitFreePlaces(TestServer server) {
        await().untilAsserted(() -> {
            try (RawClient first = server.connect();
                    RawClient second = server.connect()) {
                open(first, RAW);
                open(second, RAW);
            }
        });
    }

    public static RawClient ask(RawClient client, String path, String... headers) {
        List<String> all = new ArrayList<>(List.of(
                "upgrade: websocket",
                "connection: Upgrade",
                "sec-websocket-version: 13",
                "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=="));
        all.addAll(Arrays.asList(headers));
        return client.get(path, all.toArray(String[]::new));
    }

    /** Sends a message, in a frame or in an array of SockJS. */
    WebSocketPeer sendMessage(String message) {
        return sendText(sockJs ? new JsonArray().add(message).encode() : message);
    }

    WebSocketPeer send(JsonObject message) {
        return sendText(sockJs ? new JsonArray().add(message.encode()).encode() : message.encode());
    }

    /** Sends several messages in one frame, which only SockJS has. */
    WebSocketPeer sendAtOnce(List<JsonObject> messages) {
        return sendText(new JsonArray(messages.stream().map(JsonObject::encode).toList()).encode());
    }

    WebSocketPeer sendText(String text) {
        return send(FINAL | TEXT, text);
    }

    WebSocketPeer sendPart(int opcode, String text) {
        return send(opcode, text);
    }

    /** Sends these octets as they are. */
    WebSocketPeer sendOctets(String octets) {
        client.send(octets);
        return this;
    }

    WebSocketPeer ping() {
        return send(FINAL | PING, "");
    }

    private WebSocketPeer send(int first, String payload) {
        return sendOctets(frame(first, payload));
    }

    /** Returns a masked frame with any first octet, and a payload under 64 KiB. */
    static String frame(int first, String payload) {
        int length = payload.length();
        String header = length < LENGTH_OF_16_BITS
                ? "" + (char) first + (char) (MASKED | length)
                : "" + (char) first + (char) (MASKED | LENGTH_OF_16_BITS) + (char) (length >> 8)
                        + (char) (length & 0xFF);
        return header + MASK + payload;
    }

    /** Returns the next message of the bridge, which may have several fragments. */
    JsonObject message() {
        StringBuilder fragments = new StringBuilder();
        String start;
        do {
            start = client.octets(2);
            fragments.append(read(start).payload());
        } while ((start.charAt(0) & FINAL) == 0);
        String payload = fragments.toString();
        return new JsonObject(sockJs ? new JsonArray(payload.substring(1)).getString(0) : payload);
    }

    /** Returns the next frame, with its payload, of 64 KiB at most, in Latin 1. */
    public Frame read() {
        return read(client.octets(2));
    }

    private Frame read(String start) {
        int length = start.charAt(1);
        if (length == LENGTH_OF_16_BITS) {
            String extended = client.octets(2);
            length = extended.charAt(0) << 8 | extended.charAt(1);
        }
        return new Frame(start.charAt(0) & 0xF, client.octets(length));
    }

    /** Returns the status by which the server ends the WebSocket; skips frames before that. */
    int closed() {
        Frame frame = read();
        while (frame.opcode() != CLOSE) {
            frame = read();
        }
        return frame.status();
    }

    /** Closes the WebSocket in order. */
    void close() {
        send(FINAL | CLOSE, new String(new byte[] {3, (byte) 0xE8}, ISO_8859_1));
    }
}
