package dev.greeter.http;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.RecentQuery;
import dev.greeter.bus.StatsQuery;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Replies of a ledger that repeat the query. */
public final class Queries {
    private Queries() {}

    public static void answered(Vertx vertx) {
        vertx.eventBus()
                .localConsumer(
                        Addresses.STATS, message -> message.reply(new JsonObject().put("asked", json(message.body()))));
        vertx.eventBus()
                .localConsumer(Addresses.RECENT, message -> message.reply(new JsonArray().add(json(message.body()))));
    }

    private static JsonObject json(Object query) {
        if (query instanceof StatsQuery stats) {
            return stats.toJson();
        }
        return query instanceof RecentQuery recent ? recent.toJson() : (JsonObject) query;
    }
}
