package dev.greeter.http.management;

import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import dev.greeter.monitor.Health;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import java.time.Duration;
import java.util.List;

/** One probe: 200 while all of its checks are up, 503 while one is not, with the result of each. */
final class HealthResource implements Resource {
    /** Half of the time that Kubernetes waits for a response by default. */
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final HealthChecks health;
    private final List<String> ids;

    HealthResource(Vertx vertx, List<Health.Check> checks) {
        health = HealthChecks.create(vertx);
        ids = checks.stream().map(Health.Check::id).toList();
        for (Health.Check check : checks) {
            health.register(
                    check.id(),
                    TIMEOUT.toMillis(),
                    promise -> check.procedure()
                            .get()
                            .onSuccess(promise::tryComplete)
                            .onFailure(promise::tryFail));
        }
    }

    @Override
    public Future<Response> get(HttpServerRequest request) {
        return health.checkStatus().map(this::response);
    }

    private Response response(CheckResult result) {
        JsonArray checks = new JsonArray();
        // in our order, because the library's is that of a hash table
        ids.forEach(id -> result.getChecks().stream()
                .filter(check -> check.getId().equals(id))
                .forEach(check -> checks.add(json(check))));
        return Response.json(
                result.getUp() ? 200 : 503, json(result).put("checks", checks).toBuffer());
    }

    private static JsonObject json(CheckResult result) {
        JsonObject json = result.toJson();
        json.remove("outcome"); // repeats the status
        return json;
    }
}
