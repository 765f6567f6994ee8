package dev.greeter.http.resource;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.RecentQuery;
import dev.greeter.http.Resource;
import dev.greeter.http.Response;
import dev.greeter.http.resource.Parameter.BadParameterException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code /exchanges[?limit=1..1000]}: the newest exchanges. */
public final class ExchangesResource implements Resource {
    private static final Pattern UP_TO_FOUR_DIGITS = Pattern.compile("[1-9][0-9]{0,3}");
    private static final Parameter<Integer> LIMIT = new Parameter<>(
            "limit",
            "a whole number from 1 to " + RecentQuery.MAX_LIMIT,
            text -> Optional.of(text)
                    .filter(UP_TO_FOUR_DIGITS.asMatchPredicate())
                    .map(Integer::valueOf)
                    .filter(limit -> limit <= RecentQuery.MAX_LIMIT),
            RecentQuery.DEFAULT_LIMIT);

    private final LedgerQueries ledger;

    public ExchangesResource(LedgerQueries ledger) {
        this.ledger = ledger;
    }

    @Override
    public Future<Response> get(HttpServerRequest request) {
        try {
            RecentQuery query = new RecentQuery(LIMIT.of(request));
            return ledger.ask(request, Addresses.RECENT, query);
        } catch (BadParameterException bad) {
            return Future.succeededFuture(bad.toProblem().toAnswer(request));
        }
    }
}
