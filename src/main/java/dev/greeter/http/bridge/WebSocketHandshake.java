package dev.greeter.http.bridge;

import static io.vertx.core.http.HttpHeaders.CONNECTION;
import static io.vertx.core.http.HttpHeaders.UPGRADE;

import dev.greeter.http.BodyHandler;
import dev.greeter.http.Problem;
import dev.greeter.http.Response;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The rules of a WebSocket's opening handshake (RFC 6455, section 4.2.1), checked here so that Vert.x refuses nothing. */
final class WebSocketHandshake {
    private static final CharSequence WEBSOCKET = HttpHeaders.createOptimized("websocket");
    private static final CharSequence VERSION_NAME = HttpHeaders.createOptimized("sec-websocket-version");
    private static final CharSequence KEY_NAME = HttpHeaders.createOptimized("sec-websocket-key");
    private static final String VERSION = "13";
    private static final int KEY_OCTETS = 16;
    private static final int KEY_LENGTH = 24;

    private static final Problem UPGRADE_REQUIRED = new Problem(
            426, "This is for WebSockets of version " + VERSION + ", as the first request of their connection.");
    private static final Problem BAD_KEY =
            new Problem(400, "A WebSocket's handshake has one Sec-WebSocket-Key: " + KEY_OCTETS + " octets in Base64.");
    private static final Problem BODY = new Problem(400, "A WebSocket's handshake has no body.");

    private WebSocketHandshake() {}

    /** Returns the response to a GET that is no handshake. */
    static Optional<Response> refusal(HttpServerRequest request) {
        MultiMap headers = request.headers();
        // an upgrade in HTTP/1.0 is ignored (RFC 9110, section 7.8)
        if (request.version() != HttpVersion.HTTP_1_1
                || !lists(headers.getAll(CONNECTION), "upgrade")
                || !lists(headers.getAll(UPGRADE), "websocket")
                || !headers.getAll(VERSION_NAME).equals(List.of(VERSION))) {
            return Optional.of(upgradeRequired(request));
        }
        if (!isKey(headers.getAll(KEY_NAME))) {
            return Optional.of(BAD_KEY.toResponse(request));
        }
        return BodyHandler.isPresent(request) ? Optional.of(BODY.toResponse(request)) : Optional.empty();
    }

    /** Leaves one header of each name with one token, because Vert.x reads only the first and does not split it. */
    static void simplify(HttpServerRequest request) {
        request.headers().set(CONNECTION, UPGRADE).set(UPGRADE, WEBSOCKET);
    }

    static Response upgradeRequired(HttpServerRequest request) {
        Response response = UPGRADE_REQUIRED.toResponse(request);
        response.headers().add(UPGRADE, WEBSOCKET).add(VERSION_NAME, VERSION);
        return response;
    }

    private static boolean lists(List<String> values, String token) {
        return values.stream()
                .flatMap(value -> Stream.of(value.split(",", -1)))
                .anyMatch(listed -> listed.strip().equalsIgnoreCase(token));
    }

    private static boolean isKey(List<String> values) {
        if (values.size() != 1 || values.get(0).length() != KEY_LENGTH) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(values.get(0)).length == KEY_OCTETS;
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }
}
