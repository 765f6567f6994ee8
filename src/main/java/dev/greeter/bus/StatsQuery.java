package dev.greeter.bus;

import dev.greeter.bus.JsonFields.BadMessageException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The query for {@link Addresses#STATS}: {@code {"scope": "cluster" or "node"}}; the default is cluster. */
public record StatsQuery(Stats.Scope scope) {
    public JsonObject toJson() {
        return new JsonObject().put("scope", scope.label());
    }

    /**
     * The inverse of {@link #toJson}.
     *
     * @param body null counts as an empty object
     * @throws BadMessageException if the body is no such query
     */
    public static StatsQuery fromJson(@Nullable Object body) {
        JsonObject json = JsonFields.query("stats query", body, "scope");
        return json.containsKey("scope")
                ? new StatsQuery(
                        new JsonFields("stats query", json).oneOf("scope", Stats.Scope.values(), Stats.Scope::label))
                : new StatsQuery(Stats.Scope.CLUSTER);
    }
}
