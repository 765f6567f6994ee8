package dev.greeter.http.bridge;

import static io.vertx.core.http.HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS;
import static io.vertx.core.http.HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN;
import static io.vertx.core.http.HttpHeaders.ORIGIN;
import static io.vertx.core.http.HttpHeaders.VARY;

import dev.greeter.http.Problem;
import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.ThreadLocalRandom;

/** {@code /eventbus/info}: what a SockJS client asks for before it connects. */
public final class BridgeInfoResource implements Resource {
    static final Problem OTHER_ORIGIN =
            new Problem(403, "Pages of this origin may not use the event bus; bridge.origins says which may.");

    private final BridgeAccess access;

    public BridgeInfoResource(BridgeAccess access) {
        this.access = access;
    }

    @Override
    public Future<Response> get(HttpServerRequest request) {
        if (!access.allowsOrigin(request)) {
            return Future.succeededFuture(OTHER_ORIGIN.toAnswer(request));
        }
        JsonObject info = new JsonObject()
                .put("websocket", true)
                .put("cookie_needed", false)
                .put("origins", new JsonArray().add("*:*"))
                .put(
                        "entropy",
                        Integer.toUnsignedLong(ThreadLocalRandom.current().nextInt()));
        Response answer = Response.json(200, info.toBuffer());
        answer.headers().add(VARY, ORIGIN);
        String origin = request.getHeader(ORIGIN);
        if (origin != null) {
            // SockJS asks with credentials, though there are none
            answer.headers().add(ACCESS_CONTROL_ALLOW_ORIGIN, origin).add(ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        return Future.succeededFuture(answer);
    }
}
