package dev.greeter.bus;

import dev.greeter.json.JsonText;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends queries to ledgers: to this node's within the JVM, or to those of the cluster. A ledger also counts, so that it must not have more
 * queries than it answers. Those who ask the same at the same time get one answer, to a query that begins after they have asked. Only a few
 * queries are under way at a time, and the others wait in the order of their first asker. Used by one context only.
 */
public final class LedgerClient {
    /** Queries under way to one address, at a time. */
    static final int MAX_QUERIES = 4;

    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final EventBus bus;
    private final DeliveryOptions anyLedger;
    private final DeliveryOptions ownLedger;
    private final long maxWaitNanos;
    private final Set<Asked> underWay = new HashSet<>();
    /** In the order in which they begin. */
    private final Map<Asked, Waiting> waiting = new LinkedHashMap<>();

    /** What those ask who can have the same answer. */
    private record Asked(String address, @Nullable Object query, Kind kind) {}

    private record Waiting(Asked asked, Supplier<Future<Object>> request, Promise<Object> answer, long sinceNanos) {}

    private enum Kind {
        OWN_LEDGER,
        OWN_LEDGER_AS_JSON,
        ANY_LEDGER_AS_JSON
    }

    public LedgerClient(EventBus bus) {
        this(bus, TIMEOUT);
    }

    /** @param timeout of each of two attempts */
    LedgerClient(EventBus bus, Duration timeout) {
        this.bus = bus;
        anyLedger = new DeliveryOptions().setSendTimeout(timeout.toMillis());
        ownLedger = new DeliveryOptions(anyLedger).setLocalOnly(true);
        maxWaitNanos = 2 * timeout.toNanos();
    }

    /**
     * Asks this node's ledger, and once more if there is no reply, because a ledger that restarts is away for a moment only.
     *
     * @param query the body that the address takes, as an object or as JSON
     * @return the reply's body, which must not be changed; fails within about two seconds
     */
    public Future<Object> ask(String address, @Nullable Object query) {
        return ask(new Asked(address, query, Kind.OWN_LEDGER), () -> request(address, query, ownLedger));
    }

    /** {@linkplain #ask Asks} for the body as JSON text, which is written once for all who get it. */
    public Future<JsonText> askForJson(String address, @Nullable Object query) {
        return askForJson(new Asked(address, query, Kind.OWN_LEDGER_AS_JSON), ownLedger);
    }

    /**
     * Asks the cluster's ledgers in turn, the next one each time. If that one does not reply, because its node has just died
     * or stands still, this node's ledger is asked.
     *
     * @param query the body that the address takes, as JSON
     * @return the reply's body, which is written once for all who get it; fails within about two seconds
     */
    public Future<JsonText> askInTurnForJson(String address, @Nullable Object query) {
        return askForJson(new Asked(address, query, Kind.ANY_LEDGER_AS_JSON), anyLedger);
    }

    private Future<JsonText> askForJson(Asked asked, DeliveryOptions first) {
        return ask(asked, () -> request(asked.address(), asked.query(), first).map(JsonText::of))
                .map(JsonText.class::cast);
    }

    private Future<Object> ask(Asked asked, Supplier<Future<Object>> request) {
        Waiting with = waiting.computeIfAbsent(
                asked, first -> new Waiting(asked, request, Promise.promise(), System.nanoTime()));
        if (mayBegin(with)) {
            begin(with);
        }
        return with.answer().future();
    }

    private boolean mayBegin(Waiting next) {
        Asked asked = next.asked();
        return !underWay.contains(asked)
                && underWay.stream()
                                .filter(other -> other.address().equals(asked.address()))
                                .count()
                        < MAX_QUERIES;
    }

    /** Returns false if the event bus does not take the query, which has ended then. */
    private boolean begin(Waiting now) {
        waiting.remove(now.asked());
        // within a future, so that whatever the event bus throws is a failure too, and nobody waits for ever
        Future<Object> reply =
                Future.succeededFuture().compose(begun -> now.request().get());
        boolean isUnderWay = !reply.isComplete();
        if (isUnderWay) {
            underWay.add(now.asked());
            reply.onComplete(replied -> {
                underWay.remove(now.asked());
                failLate();
                beginNext();
            });
        }
        reply.onComplete(now.answer());
        return isUnderWay;
    }

    private void beginNext() {
        Optional<Waiting> next;
        do {
            next = waiting.values().stream().filter(this::mayBegin).findFirst();
        } while (next.isPresent() && !begin(next.get()));
    }

    /** Ends those that would get no answer in time. Some query ends within two attempts, so that none waits for longer. */
    private void failLate() {
        while (!waiting.isEmpty()) {
            Waiting oldest = waiting.values().iterator().next();
            if (System.nanoTime() - oldest.sinceNanos() < maxWaitNanos) {
                return;
            }
            waiting.remove(oldest.asked());
            oldest.answer().fail(new ReplyException(ReplyFailure.TIMEOUT, "too many queries at a time"));
        }
    }

    private Future<Object> request(String address, @Nullable Object query, DeliveryOptions first) {
        return bus.request(address, query, first)
                .recover(unanswered ->
                        isAway(unanswered) ? bus.request(address, query, ownLedger) : Future.failedFuture(unanswered))
                .map(Message::body);
    }

    /** Whether a failure means that no ledger replied; any other failure is a reply. */
    public static boolean isAway(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
    }
}
