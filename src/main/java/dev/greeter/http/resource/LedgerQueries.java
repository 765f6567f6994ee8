package dev.greeter.http.resource;

import dev.greeter.bus.LedgerClient;
import dev.greeter.http.Problem;
import dev.greeter.http.Response;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;

/** Asks this node's ledger for what a client asked for, and answers for it where it is away. */
public final class LedgerQueries {
    private static final Problem AWAY = new Problem(503, "The ledger does not answer at the moment.");

    private final LedgerClient ledger;

    public LedgerQueries(LedgerClient ledger) {
        this.ledger = ledger;
    }

    Future<Response> ask(HttpServerRequest request, String address, Object query) {
        return ledger.ask(address, query)
                .map(body -> Response.json(200, Json.encodeToBuffer(body)))
                .recover(failure -> LedgerClient.isAway(failure)
                        ? Future.succeededFuture(AWAY.toAnswer(request))
                        : Future.failedFuture(failure));
    }
}
