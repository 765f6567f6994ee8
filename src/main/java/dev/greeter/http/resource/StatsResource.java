package dev.greeter.http.resource;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.Stats.Scope;
import dev.greeter.bus.StatsQuery;
import java.util.Arrays;

/** {@code /stats[?scope=cluster|node]}: the counts. */
final class StatsResource extends LedgerResource<Scope> {
    private static final Parameter<Scope> SCOPE = new Parameter<>(
            "scope",
            "cluster or node",
            text -> Arrays.stream(Scope.values())
                    .filter(scope -> scope.label().equals(text))
                    .findFirst(),
            Scope.CLUSTER);

    StatsResource(LedgerClient ledger) {
        super(ledger, Addresses.STATS, SCOPE, scope -> new StatsQuery(scope).toJson());
    }
}
