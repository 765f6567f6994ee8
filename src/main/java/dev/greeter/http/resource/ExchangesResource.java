package dev.greeter.http.resource;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.RecentQuery;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code /exchanges[?limit=1..1000]}: the newest exchanges. */
final class ExchangesResource extends LedgerResource<Integer> {
    private static final Pattern UP_TO_FOUR_DIGITS = Pattern.compile("[1-9][0-9]{0,3}");
    private static final Parameter<Integer> LIMIT = new Parameter<>(
            "limit",
            "a whole number from 1 to " + RecentQuery.MAX_LIMIT,
            text -> Optional.of(text)
                    .filter(UP_TO_FOUR_DIGITS.asMatchPredicate())
                    .map(Integer::valueOf)
                    .filter(limit -> limit <= RecentQuery.MAX_LIMIT),
            RecentQuery.DEFAULT_LIMIT);

    ExchangesResource(LedgerClient ledger) {
        super(ledger, Addresses.RECENT, LIMIT, limit -> new RecentQuery(limit).toJson());
    }
}
