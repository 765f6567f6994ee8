package dev.greeter.http;

import dev.greeter.bus.Addresses;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A ledger's answers, of which each repeats its question. */
public final class Queries {
    private Queries() {}

    public static void answered(Vertx vertx) {
        vertx.eventBus()
                .<JsonObject>localConsumer(
                        Addresses.STATS, message -> message.reply(new JsonObject().put("asked", message.body())));
        vertx.eventBus()
                .<JsonObject>localConsumer(
                        Addresses.RECENT, message -> message.reply(new JsonArray().add(message.body())));
    }
}
