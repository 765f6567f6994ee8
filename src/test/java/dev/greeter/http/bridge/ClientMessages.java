package dev.greeter.http.bridge;

import dev.greeter.bus.Addresses;
import io.vertx.core.json.JsonObject;

/** What clients of the bridge send; a test copies a message before it changes it. */
final class ClientMessages {
    static final JsonObject ASK = new JsonObject()
            .put("type", "send")
            .put("address", Addresses.STATS)
            .put("replyAddress", "mine")
            .put("body", new JsonObject().put("scope", "node"));
    static final JsonObject ASK_RECENT = new JsonObject()
            .put("type", "send")
            .put("address", Addresses.RECENT)
            .put("replyAddress", "mine");
    static final JsonObject SUBSCRIBE = new JsonObject().put("type", "register").put("address", Addresses.UPDATES);

    private ClientMessages() {}
}
