package dev.greeter.bus;

import dev.greeter.json.JsonText;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends queries to ledgers: to this node's within the JVM, or to those of the cluster. A ledger also counts, so that it must
 * not have more queries than it answers. Those who ask the same at the same time get one answer, to a query that begins after
 * they have asked. Only a few queries are under way at a time, and the others wait in the order of their first asker.
 *
 * <p>Thread-safe: all of a node share one, because they share its ledger. Each asker is answered on the context that it asks
 * from; without a context, on any thread.
 */
public final class LedgerClient {
    /** Queries of a kind that are under way to one address, at a time. */
    static final int MAX_QUERIES = 4;

    private static final Duration TIMEOUT = Duration.ofMillis(500);

    /** How much longer than a node of the cluster this node's ledger may take, and a query may wait before it begins. */
    private static final int OWN_TIMEOUTS = 2;

    /** For how many timeouts a ledger that does not answer is left alone. */
    private static final int PAUSE_TIMEOUTS = 10;

    private final EventBus bus;
    private final DeliveryOptions anyLedger;
    private final DeliveryOptions ownLedger;
    private final long ownTimeoutNanos;
    private final long pauseNanos;
    private final Map<Lane, Queries> lanes = new ConcurrentHashMap<>();
    /** When a node of the cluster did not answer last. */
    private volatile long silentAtNanos;

    private enum Kind {
        OWN_LEDGER,
        OWN_LEDGER_AS_JSON,
        ANY_LEDGER_AS_JSON
    }

    /** Those in one do not take the places of those in another. */
    private record Lane(String address, Kind kind) {}

    private record Query(@Nullable Object body) {}

    /** @param context of the first who asked */
    private record Waiting(Query query, @Nullable Context context, Promise<Object> answer, long sinceNanos) {}

    private static final class TooManyQueriesException extends ReplyException {
        private static final long serialVersionUID = 1L;

        TooManyQueriesException() {
            super(ReplyFailure.TIMEOUT, "too many queries at a time");
        }
    }

    public LedgerClient(EventBus bus) {
        this(bus, TIMEOUT);
    }

    /** @param timeout of a query to the cluster; all other times are multiples of it */
    LedgerClient(EventBus bus, Duration timeout) {
        this.bus = bus;
        ownTimeoutNanos = timeout.multipliedBy(OWN_TIMEOUTS).toNanos();
        Duration pause = timeout.multipliedBy(PAUSE_TIMEOUTS);
        pauseNanos = pause.toNanos();
        anyLedger = new DeliveryOptions().setSendTimeout(timeout.toMillis());
        ownLedger = new DeliveryOptions().setLocalOnly(true).setSendTimeout(pause.toMillis());
        silentAtNanos = System.nanoTime() - pauseNanos;
    }

    /**
     * Asks this node's ledger, once: a query that it has not answered in time is still in its queue.
     *
     * @param query the body that the address takes, as an object or as JSON
     * @return the reply's body, which must not be changed; fails within about two seconds
     */
    public Future<Object> ask(String address, @Nullable Object query) {
        return queries(address, Kind.OWN_LEDGER).ask(new Query(query));
    }

    /** {@linkplain #ask Asks} for the body as JSON text, which is written once for all who get it. */
    public Future<JsonText> askForJson(String address, @Nullable Object query) {
        return queries(address, Kind.OWN_LEDGER_AS_JSON).ask(new Query(query)).map(JsonText.class::cast);
    }

    /**
     * Asks the cluster's ledgers in turn, the next one each time. This node's ledger is asked instead if that one does not
     * reply, because its node has just died or stands still; for some seconds after that; and while too many queries to the
     * cluster are under way.
     *
     * @param query the body that the address takes, as JSON
     * @return the reply's body, which is written once for all who get it; fails within about three seconds
     */
    public Future<JsonText> askInTurnForJson(String address, @Nullable Object query) {
        Queries cluster = queries(address, Kind.ANY_LEDGER_AS_JSON);
        if (isSilent() || cluster.areMany()) {
            return askForJson(address, query);
        }
        return cluster.ask(new Query(query))
                .map(JsonText.class::cast)
                .recover(failure -> isAway(failure) ? askForJson(address, query) : Future.failedFuture(failure));
    }

    private boolean isSilent() {
        return System.nanoTime() - silentAtNanos < pauseNanos;
    }

    /** Whether a failure means that no ledger replied; any other failure is a reply. */
    public static boolean isAway(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
    }

    /** Whether no ledger replied because none was asked: too many other queries were under way for too long. */
    public static boolean isBusy(Throwable failure) {
        return failure instanceof TooManyQueriesException;
    }

    private Queries queries(String address, Kind kind) {
        return lanes.computeIfAbsent(new Lane(address, kind), Queries::new);
    }

    private Future<Object> request(Lane lane, Query query) {
        return switch (lane.kind()) {
            case OWN_LEDGER -> request(lane.address(), query, ownLedger);
            case OWN_LEDGER_AS_JSON -> requestJson(lane.address(), query, ownLedger);
            case ANY_LEDGER_AS_JSON -> requestInTurn(lane.address(), query);
        };
    }

    private Future<Object> requestInTurn(String address, Query query) {
        if (isSilent()) {
            return Future.failedFuture(new ReplyException(ReplyFailure.TIMEOUT, "a node does not answer"));
        }
        return requestJson(address, query, anyLedger).onFailure(failure -> {
            if (failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT) {
                silentAtNanos = System.nanoTime();
            }
        });
    }

    private Future<Object> requestJson(String address, Query query, DeliveryOptions options) {
        return request(address, query, options).map(JsonText::of);
    }

    private Future<Object> request(String address, Query query, DeliveryOptions options) {
        return bus.request(address, query.body(), options).map(Message::body);
    }

    /** Fails with what is supplied if the future is not complete in time. */
    private static Future<Object> inTime(Future<Object> future, long nanos, Supplier<ReplyException> late) {
        return future.timeout(nanos, TimeUnit.NANOSECONDS)
                .recover(failure -> Future.failedFuture(failure instanceof TimeoutException ? late.get() : failure));
    }

    /** The queries in a lane. One that nobody waits for any more keeps its place while it may be in the ledger's queue. */
    private final class Queries {
        private final Lane lane;
        private final Set<Query> underWay = new HashSet<>();
        /** In the order in which they begin. */
        private final Map<Query, Waiting> waiting = new LinkedHashMap<>();

        Queries(Lane lane) {
            this.lane = lane;
        }

        synchronized boolean areMany() {
            return underWay.size() >= MAX_QUERIES;
        }

        Future<Object> ask(Query query) {
            failLate();
            Context context = Vertx.currentContext();
            Future<Object> answer = join(query, context).answer().future();
            takeNext().forEach(this::begin);
            Future<Object> here =
                    context == null ? answer : Future.fromCompletionStage(answer.toCompletionStage(), context);
            // a query that begins is answered, or fails, within this time
            return inTime(here, 2 * ownTimeoutNanos, TooManyQueriesException::new);
        }

        private synchronized Waiting join(Query query, @Nullable Context context) {
            return waiting.computeIfAbsent(
                    query, first -> new Waiting(query, context, Promise.promise(), System.nanoTime()));
        }

        private void begin(Waiting now) {
            // within a future, so that whatever the event bus throws is a failure too, and nobody waits for ever
            Future<Object> reply = Future.succeededFuture().compose(begun -> request(lane, now.query()));
            reply.onComplete(replied -> ended(now.query()));
            inTime(reply, ownTimeoutNanos, () -> new ReplyException(ReplyFailure.TIMEOUT, "the ledger does not answer"))
                    .onComplete(now.answer());
        }

        private void ended(Query query) {
            synchronized (this) {
                underWay.remove(query);
            }
            failLate();
            takeNext().forEach(next -> {
                Context context = next.context();
                if (context == null) {
                    begin(next);
                } else {
                    context.runOnContext(turn -> begin(next));
                }
            });
        }

        private synchronized List<Waiting> takeNext() {
            List<Waiting> taken = new ArrayList<>();
            Iterator<Waiting> candidates = waiting.values().iterator();
            while (!areMany() && candidates.hasNext()) {
                Waiting candidate = candidates.next();
                if (underWay.add(candidate.query())) {
                    candidates.remove();
                    taken.add(candidate);
                }
            }
            return taken;
        }

        /** Ends those that would get no answer in time, before a query is asked for them. */
        private void failLate() {
            for (Waiting late : takeLate()) {
                late.answer().fail(new TooManyQueriesException());
            }
        }

        private synchronized List<Waiting> takeLate() {
            List<Waiting> taken = new ArrayList<>();
            Iterator<Waiting> oldest = waiting.values().iterator();
            while (oldest.hasNext()) {
                Waiting candidate = oldest.next();
                if (System.nanoTime() - candidate.sinceNanos() < ownTimeoutNanos) {
                    break;
                }
                oldest.remove();
                taken.add(candidate);
            }
            return taken;
        }
    }
}
