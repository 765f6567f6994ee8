package dev.greeter.http.resource;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.Stats.Scope;
import dev.greeter.bus.StatsQuery;
import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import dev.greeter.http.resource.Parameter.BadParameterException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;

/** {@code /stats[?scope=cluster|node]}: what was counted. */
public final class StatsResource implements Resource {
    private static final Parameter<Scope> SCOPE = new Parameter<>(
            "scope",
            "cluster or node",
            text -> Arrays.stream(Scope.values())
                    .filter(scope -> scope.label().equals(text))
                    .findFirst(),
            Scope.CLUSTER);

    private final LedgerQueries ledger;

    public StatsResource(LedgerQueries ledger) {
        this.ledger = ledger;
    }

    @Override
    public Future<Response> get(HttpServerRequest request) {
        try {
            StatsQuery query = new StatsQuery(SCOPE.of(request));
            return ledger.ask(request, Addresses.STATS, query);
        } catch (BadParameterException bad) {
            return Future.succeededFuture(bad.toProblem().toAnswer(request));
        }
    }
}
