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
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends queries to ledgers: to this node's within the JVM, or to those of the cluster. A ledger also counts, so that it must not have more
 * queries than it answers. Those who ask the same at the same time get one answer: while a query is under way, all others like it wait
 * for the next one, which begins after they have asked. Only a few different ones are under way at a time. Used by one context only.
 */
public final class LedgerClient {
    /** Queries under way to one address, at a time. */
    static final int MAX_QUERIES = 4;

    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final EventBus bus;
    private final DeliveryOptions anyLedger;
    private final DeliveryOptions ownLedger;
    /** What is under way, with those who wait for the next query like it; null while nobody does. */
    private final Map<Asked, @Nullable Promise<Object>> underWay = new HashMap<>();

    /** What those ask who can have the same answer. */
    private record Asked(String address, @Nullable Object query, Kind kind) {}

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
        if (underWay.containsKey(asked)) {
            return underWay.computeIfAbsent(asked, first -> Promise.promise()).future();
        }
        if (underWay.keySet().stream()
                        .filter(other -> other.address().equals(asked.address()))
                        .count()
                >= MAX_QUERIES) {
            return Future.failedFuture(new ReplyException(ReplyFailure.TIMEOUT, "too many queries at a time"));
        }
        Promise<Object> answer = Promise.promise();
        begin(asked, request, answer);
        return answer.future();
    }

    private void begin(Asked asked, Supplier<Future<Object>> request, Promise<Object> answer) {
        underWay.put(asked, null);
        // within a future, so that whatever the event bus throws is a failure too, and nobody waits for ever
        Future.succeededFuture().compose(now -> request.get()).onComplete(replied -> {
            Promise<Object> next = underWay.remove(asked);
            if (next != null) {
                begin(asked, request, next);
            }
            answer.handle(replied);
        });
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
