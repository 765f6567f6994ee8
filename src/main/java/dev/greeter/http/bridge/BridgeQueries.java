package dev.greeter.http.bridge;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;

/**
 * Asks for what a client of the bridge asked for. Vert.x's bridge would ask the nodes in turn, also one that has just died, and
 * leave it to the client to ask again.
 */
public final class BridgeQueries {
    private final LedgerClient ledger;

    public BridgeQueries(LedgerClient ledger) {
        this.ledger = ledger;
    }

    /**
     * The message to answer with, within about a second; what one connection may send in that bounds how many wait. It never
     * fails.
     */
    Future<JsonObject> answer(BridgeMessage.Query query) {
        String reply = query.replyAddress();
        return ask(query).map(body -> BridgeMessage.received(reply, body)).otherwise(failure -> failed(reply, failure));
    }

    /** Any node knows the stats of all, and this one is the nearest; but each has newest exchanges of its own. */
    private Future<Object> ask(BridgeMessage.Query query) {
        return Addresses.RECENT.equals(query.address())
                ? ledger.askInTurn(query.address(), query.query())
                : ledger.ask(query.address(), query.query());
    }

    private static JsonObject failed(String reply, Throwable failure) {
        return failure instanceof ReplyException known
                ? BridgeMessage.error(reply, known.failureCode(), known.failureType(), known.getMessage())
                : BridgeMessage.error(reply, -1, ReplyFailure.ERROR, failure.getMessage());
    }
}
