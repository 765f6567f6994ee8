package dev.greeter.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import org.jspecify.annotations.Nullable;

/** Asks this node's ledger, within the JVM. Any thread may use it. */
public final class LedgerClient {
    private static final DeliveryOptions LOCAL =
            new DeliveryOptions().setLocalOnly(true).setSendTimeout(500);

    private final EventBus bus;

    public LedgerClient(EventBus bus) {
        this.bus = bus;
    }

    /**
     * Asks, and once more if there was no answer, as a ledger that restarts is away for a moment only.
     *
     * @param query as the address has it; the ledger refuses what is none
     * @return the reply's body; fails within about a second
     */
    public Future<Object> ask(String address, @Nullable Object query) {
        return request(address, query)
                .recover(unanswered -> isAway(unanswered) ? request(address, query) : Future.failedFuture(unanswered))
                .map(Message::body);
    }

    /** Whether nobody answered, where any other failure is an answer. */
    public static boolean isAway(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
    }

    private Future<Message<Object>> request(String address, @Nullable Object query) {
        return bus.request(address, query, LOCAL);
    }
}
