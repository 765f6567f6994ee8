package dev.greeter.monitor;

import dev.greeter.bus.Addresses;
import dev.greeter.bus.LedgerClient;
import dev.greeter.bus.Stats;
import dev.greeter.bus.StatsQuery;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import org.jspecify.annotations.Nullable;

/** Whether the node's ledger answers: without it exchanges are not counted, and soon the servers stop reading. */
public final class LedgerCheck {
    private static final StatsQuery QUERY = new StatsQuery(Stats.Scope.NODE);

    private final LedgerClient ledger;
    private @Nullable Future<Status> underWay;

    private LedgerCheck(LedgerClient ledger) {
        this.ledger = ledger;
    }

    public static Health.Check of(LedgerClient ledger) {
        return new Health.Check("ledger", new LedgerCheck(ledger)::status);
    }

    /** One question at a time, so that probes do not pile up at a ledger that hangs. */
    private Future<Status> status() {
        if (underWay == null || underWay.isComplete()) {
            underWay = ledger.ask(Addresses.STATS, QUERY)
                    .map(answer -> Status.OK())
                    .otherwise(unanswered -> Status.KO(new JsonObject().put("cause", "it does not answer")));
        }
        return underWay;
    }
}
