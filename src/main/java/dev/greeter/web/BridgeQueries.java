package dev.greeter.web;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.handler.sockjs.SockJSSocket;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for what a client of the bridge asked for, and answers as Vert.x's bridge does. That would ask the nodes in turn, also one
 * that has just died, and leave it to the client to ask again.
 */
final class BridgeQueries {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeQueries.class);
    private static final Set<String> ADDRESSES = Set.of(Addresses.STATS, Addresses.RECENT);

    /** As for all that passes Vert.x's bridge: a UUID's. */
    private static final int MAX_REPLY_ADDRESS_LENGTH = 36;

    private final LedgerClient ledger;

    BridgeQueries(LedgerClient ledger) {
        this.ledger = ledger;
    }

    /** Whether it is sent where there is something to ask. */
    static boolean isAtPublicAddress(JsonObject message) {
        return message.getValue("address") instanceof String address && ADDRESSES.contains(address);
    }

    /** Whether it also says where the answer is to go. */
    static boolean isQuery(JsonObject message) {
        return isAtPublicAddress(message)
                && message.getValue("replyAddress") instanceof String reply
                && reply.length() <= MAX_REPLY_ADDRESS_LENGTH;
    }

    /** Answers within about a second; what one connection may send in that bounds how many wait. */
    void answer(SockJSSocket socket, JsonObject query) {
        String reply = query.getString("replyAddress");
        Future<Object> asked = hasHeadersOrNone(query)
                ? ask(query.getString("address"), query.getValue("body"))
                : Future.failedFuture(badHeaders());
        asked.map(body -> message("rec", reply).put("body", body))
                .otherwise(failure -> failed(reply, failure))
                .compose(answer -> socket.write(answer.toBuffer()))
                .onFailure(gone -> LOG.debug("nobody left to answer", gone));
    }

    /** Vert.x's client sends headers with every message. They have no use here, but some are none. */
    private static boolean hasHeadersOrNone(JsonObject query) {
        Object headers = query.getValue("headers");
        return headers == null
                || (headers instanceof JsonObject names
                        && names.stream().map(Map.Entry::getValue).allMatch(BridgeQueries::isHeaderValue));
    }

    private static ReplyException badHeaders() {
        return new ReplyException(
                ReplyFailure.RECIPIENT_FAILURE,
                Addresses.BAD_QUERY,
                "headers: allowed is an object of texts and numbers");
    }

    private static boolean isHeaderValue(@Nullable Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    /** Any node knows the stats of all, and this one is the nearest; but each has newest exchanges of its own. */
    private Future<Object> ask(String address, @Nullable Object query) {
        return Addresses.RECENT.equals(address) ? ledger.askInTurn(address, query) : ledger.ask(address, query);
    }

    private static JsonObject failed(String reply, Throwable failure) {
        JsonObject answer = message("err", reply).put("message", failure.getMessage());
        return failure instanceof ReplyException known
                ? answer.put("failureCode", known.failureCode())
                        .put("failureType", known.failureType().name())
                : answer;
    }

    private static JsonObject message(String type, String reply) {
        return new JsonObject().put("type", type).put("address", reply);
    }
}
