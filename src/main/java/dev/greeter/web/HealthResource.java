package dev.greeter.web;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.BooleanSupplier;

/** One health check: 200 while it is up, 503 while it is not. */
final class HealthResource implements Resource {
    private final String check;
    private final BooleanSupplier up;

    HealthResource(String check, BooleanSupplier up) {
        this.check = check;
        this.up = up;
    }

    @Override
    public Future<Answer> get(HttpServerRequest request) {
        boolean isUp = up.getAsBoolean();
        String status = isUp ? "UP" : "DOWN";
        JsonObject health = new JsonObject()
                .put("status", status)
                .put(
                        "checks",
                        new JsonArray().add(new JsonObject().put("id", check).put("status", status)));
        return Future.succeededFuture(Answer.json(isUp ? 200 : 503, health.toBuffer()));
    }
}
