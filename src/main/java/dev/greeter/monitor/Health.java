package dev.greeter.monitor;

import dev.greeter.bus.LedgerClient;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The checks of each of the three probes; a probe is up while all of its checks are.
 *
 * @param live no restart is needed
 * @param ready requests may be sent here
 * @param started the start is over
 */
public record Health(List<Check> live, List<Check> ready, List<Check> started) {
    /**
     * One condition for a node to be well.
     *
     * @param id its name in the health document
     * @param procedure reports whether the condition holds, and why not; runs on the management server's event loop. A
     *     failure, or no result in time, counts as down.
     */
    public record Check(String id, Supplier<Future<Status>> procedure) {
        /** @param fault describes why the condition does not hold; empty while it does */
        static Check of(String id, Supplier<Optional<JsonObject>> fault) {
            return new Check(
                    id, () -> Future.succeededFuture(fault.get().map(Status::KO).orElseGet(Status::OK)));
        }

        private static Check of(String id, BooleanSupplier isUp, String cause) {
            return of(
                    id,
                    () -> isUp.getAsBoolean() ? Optional.empty() : Optional.of(new JsonObject().put("cause", cause)));
        }
    }

    public Health {
        live = List.copyOf(live);
        ready = List.copyOf(ready);
        started = List.copyOf(started);
    }

    /** Of a node without a cluster. */
    public static Health of(Readiness readiness, EventLoops loops, LedgerClient ledger) {
        return new Health(
                List.of(loops.check()),
                List.of(readiness.readyCheck(), LedgerCheck.of(ledger)),
                List.of(readiness.startedCheck()));
    }

    /**
     * The same, of a node in a cluster.
     *
     * @param isMember whether the cluster manager runs
     * @param hasJoined whether the node knows the others. Once is enough: a node that is alone because the others are gone
     *     goes on answering.
     */
    public Health inCluster(BooleanSupplier isMember, BooleanSupplier hasJoined) {
        return new Health(
                plus(live, Check.of("cluster", isMember, "it is out of the cluster until it is started again")),
                plus(ready, Check.of("cluster", hasJoined, "the other nodes are not known yet")),
                started);
    }

    private static List<Check> plus(List<Check> checks, Check one) {
        return Stream.concat(checks.stream(), Stream.of(one)).toList();
    }
}
