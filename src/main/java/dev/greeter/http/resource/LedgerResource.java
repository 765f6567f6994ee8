package dev.greeter.http.resource;

import dev.greeter.bus.JsonFields.BadMessageException;
import dev.greeter.bus.LedgerClient;
import dev.greeter.http.Problem;
import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;

/**
 * Passes a query with one parameter to this node's ledger, and responds 503 while the ledger does not answer, or has too many
 * queries.
 */
abstract class LedgerResource<T> implements Resource {
    private static final Problem AWAY = new Problem(503, "The ledger does not answer at the moment.");
    private static final Problem BUSY = new Problem(503, "Too many queries wait for the ledger at the moment.");

    private final LedgerClient ledger;
    private final String address;
    private final Parameter<T> parameter;
    private final Function<T, JsonObject> query;

    LedgerResource(LedgerClient ledger, String address, Parameter<T> parameter, Function<T, JsonObject> query) {
        this.ledger = ledger;
        this.address = address;
        this.parameter = parameter;
        this.query = query;
    }

    @Override
    public final Future<Response> get(HttpServerRequest request) {
        T value;
        try {
            value = parameter.of(request);
        } catch (BadMessageException bad) {
            return Future.succeededFuture(new Problem(400, String.valueOf(bad.getMessage())).toResponse(request));
        }
        return ledger.askForJson(address, query.apply(value))
                .map(json -> Response.json(200, json.octets()))
                .recover(failure -> LedgerClient.isAway(failure)
                        ? Future.succeededFuture((LedgerClient.isBusy(failure) ? BUSY : AWAY).toResponse(request))
                        : Future.failedFuture(failure));
    }
}
