package dev.greeter.http.bridge;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.bus.RecentQuery;
import dev.greeter.bus.StatsQuery;
import dev.greeter.json.StrictJson;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of a client, in the form of Vert.x's bridge. Unknown members are ignored, and so are headers, which Vert.x's clients
 * send with every message.
 */
sealed interface BridgeMessage {
    /** The same as in Vert.x's bridge: the length of a UUID. */
    int MAX_REPLY_ADDRESS_LENGTH = 36;

    /** The failure code of a request to an address that is not public. */
    int DENIED = 403;

    /** A ping, or a message without a reply address. */
    record Nothing() implements BridgeMessage {}

    /** Begins the updates of {@link Addresses#UPDATES}. */
    record Register() implements BridgeMessage {}

    /** Ends the updates. */
    record Unregister() implements BridgeMessage {}

    /** A valid query to an address. */
    record Query(String address, JsonObject query, String replyAddress) implements BridgeMessage {}

    /** A message that is refused with this reply. */
    record Refused(JsonObject reply) implements BridgeMessage {}

    static BridgeMessage read(String text) {
        Object value;
        try {
            value = StrictJson.read(text);
        } catch (DecodeException e) {
            return refused("invalid_json");
        }
        return value instanceof JsonObject message ? read(message) : refused("invalid_json");
    }

    private static BridgeMessage read(JsonObject message) {
        Object type = message.getValue("type");
        if (type == null) {
            return refused("missing_type");
        }
        if (type.equals("ping")) {
            return new Nothing();
        }
        Object address = message.getValue("address");
        if (address == null) {
            return refused("missing_address");
        }
        boolean isUpdates = address.equals(Addresses.UPDATES);
        return switch (type.toString()) {
            case "send" -> send(address, message);
            case "publish" -> refused("rejected");
            case "register" -> isUpdates ? new Register() : refused("access_denied");
            case "unregister" -> isUpdates ? new Unregister() : refused("access_denied");
            default -> refused("invalid_type");
        };
    }

    private static BridgeMessage send(Object address, JsonObject message) {
        Object reply = message.getValue("replyAddress");
        if (reply != null && !(reply instanceof String text && text.length() <= MAX_REPLY_ADDRESS_LENGTH)) {
            return refused("invalid_reply_address");
        }
        String replyAddress = (String) reply;
        try {
            Object body = message.getValue("body");
            JsonObject query;
            if (address.equals(Addresses.STATS)) {
                query = StatsQuery.fromJson(body).toJson();
            } else if (address.equals(Addresses.RECENT)) {
                query = RecentQuery.fromJson(body).toJson();
            } else {
                return denied(replyAddress);
            }
            checkHeaders(message.getValue("headers"));
            return replyAddress == null ? new Nothing() : new Query(address.toString(), query, replyAddress);
        } catch (BadMessageException e) {
            return bad(replyAddress, e.getMessage());
        }
    }

    private static void checkHeaders(@Nullable Object headers) {
        boolean valid = headers == null
                || (headers instanceof JsonObject names
                        && names.stream().map(Map.Entry::getValue).allMatch(BridgeMessage::isHeaderValue));
        if (!valid) {
            throw new BadMessageException("headers: allowed is an object of texts, numbers, true and false");
        }
    }

    private static boolean isHeaderValue(@Nullable Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    /** Vert.x's clients find the request by the address, and other clients look for the body. */
    private static Refused denied(@Nullable String replyAddress) {
        Refused denied = refused("access_denied");
        if (replyAddress != null) {
            denied.reply().mergeIn(error(replyAddress, DENIED, ReplyFailure.RECIPIENT_FAILURE, "access_denied"));
        }
        return denied;
    }

    private static BridgeMessage bad(@Nullable String replyAddress, @Nullable String message) {
        return replyAddress == null
                ? new Nothing()
                : new Refused(error(replyAddress, Addresses.BAD_QUERY, ReplyFailure.RECIPIENT_FAILURE, message));
    }

    /** Returns the failure of a query. */
    static JsonObject error(String replyAddress, Throwable failure) {
        return failure instanceof ReplyException known
                ? error(replyAddress, known.failureCode(), known.failureType(), known.getMessage())
                : error(replyAddress, -1, ReplyFailure.ERROR, failure.getMessage());
    }

    /** Returns the failure of a request, as the callback of Vert.x's clients takes it. */
    static JsonObject error(String replyAddress, int code, ReplyFailure type, @Nullable String message) {
        return new JsonObject()
                .put("type", "err")
                .put("address", replyAddress)
                .put("failureCode", code)
                .put("failureType", type.name())
                .put("message", message);
    }

    static Refused refused(String error) {
        return new Refused(new JsonObject().put("type", "err").put("body", error));
    }
}
