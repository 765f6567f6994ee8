package dev.greeter.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import org.jspecify.annotations.Nullable;

/** Sends queries to ledgers: to this node's within the JVM, or to those of the cluster. Thread-safe. */
public final class LedgerClient {
    private static final DeliveryOptions ANY = new DeliveryOptions().setSendTimeout(500);
    private static final DeliveryOptions OWN = new DeliveryOptions(ANY).setLocalOnly(true);

    private final EventBus bus;

    public LedgerClient(EventBus bus) {
        this.bus = bus;
    }

    /**
     * Asks this node's ledger, and once more if there is no reply, because a ledger that restarts is away for a moment only.
     *
     * @param query the body that the address takes, as an object or as JSON
     * @return the reply's body; fails within about a second
     */
    public Future<Object> ask(String address, @Nullable Object query) {
        return ask(address, query, OWN);
    }

    /**
     * Asks the cluster's ledgers in turn, the next one each time. If that one does not reply, because its node has just died
     * or stands still, this node's ledger is asked.
     *
     * @param query the body that the address takes, as JSON
     * @return the reply's body; fails within about a second
     */
    public Future<Object> askInTurn(String address, @Nullable Object query) {
        return ask(address, query, ANY);
    }

    private Future<Object> ask(String address, @Nullable Object query, DeliveryOptions first) {
        return bus.request(address, query, first)
                .recover(unanswered ->
                        isAway(unanswered) ? bus.request(address, query, OWN) : Future.failedFuture(unanswered))
                .map(Message::body);
    }

    /** Whether a failure means that no ledger replied; any other failure is a reply. */
    public static boolean isAway(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
    }
}
