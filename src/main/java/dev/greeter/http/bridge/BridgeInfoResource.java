package dev.greeter.http.bridge;

import static io.vertx.core.http.HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS;
import static io.vertx.core.http.HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN;
import static io.vertx.core.http.HttpHeaders.CONTENT_TYPE;
import static io.vertx.core.http.HttpHeaders.ORIGIN;
import static io.vertx.core.http.HttpHeaders.VARY;

import dev.greeter.http.Problem;
import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.ThreadLocalRandom;

/** {@code /eventbus/info}: the document that a SockJS client requests before it connects. */
public final class BridgeInfoResource implements Resource {
    private static final Response GREETING = new Response(
            200,
            HttpHeaders.headers()
                    .add(CONTENT_TYPE, HttpHeaders.createOptimized("text/plain; charset=utf-8"))
                    .copy(false),
            Buffer.buffer("Welcome to SockJS!\n"));

    /** {@code /eventbus}: the text by which people recognize a SockJS server. */
    public static final Resource WELCOME = request -> Future.succeededFuture(GREETING);

    static final Problem OTHER_ORIGIN =
            new Problem(403, "Pages of this origin may not use the event bus; bridge.origins says which may.");

    private final BridgeAccess access;

    /** Creates the resource for the origins of this access. */
    public BridgeInfoResource(BridgeAccess access) {
        this.access = access;
    }

    @Override
    public Future<Response> get(HttpServerRequest request) {
        if (!access.allowsOrigin(request)) {
            return Future.succeededFuture(OTHER_ORIGIN.toResponse(request));
        }
        JsonObject info = new JsonObject()
                .put("websocket", true)
                .put("cookie_needed", false)
                .put("origins", new JsonArray().add("*:*"))
                .put(
                        "entropy",
                        Integer.toUnsignedLong(ThreadLocalRandom.current().nextInt()));
        Response response = Response.json(200, info.toBuffer());
        response.headers().add(VARY, ORIGIN);
        String origin = request.getHeader(ORIGIN);
        if (origin != null) {
            // SockJS sends its request with credentials, though there are none
            response.headers().add(ACCESS_CONTROL_ALLOW_ORIGIN, origin).add(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        return Future.succeededFuture(response);
    }
}
