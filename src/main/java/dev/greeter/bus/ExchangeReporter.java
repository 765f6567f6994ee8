package dev.greeter.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sends one server instance's exchanges to its node's ledger: in batches, one at a time, each sent again until the ledger
 * has it. The first exchange after a pause is sent at once; under load a batch is sent every {@link #INTERVAL}, or when
 * the one before it was acknowledged. Used by its verticle's context only.
 *
 * <p>It keeps {@value #CAPACITY} exchanges. While it {@linkplain #isFull is full}, the server {@linkplain #whenRoom waits}
 * before it reads on, so it answers no request that it cannot count.
 */
public final class ExchangeReporter {
    static final int CAPACITY = 16_384;

    private static final Duration INTERVAL = Duration.ofMillis(5);
    private static final Duration RETRY_AFTER = Duration.ofMillis(20);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** Within one JVM a reply takes microseconds, so a batch whose reply is lost is sent again soon. */
    private static final DeliveryOptions LOCAL = new DeliveryOptions()
            .setLocalOnly(true)
            .setSendTimeout(500)
            // a batch holds many exchanges, and is a part of none
            .setTracingPolicy(TracingPolicy.IGNORE);

    private final Vertx vertx;
    private final Protocol protocol;
    private final String source = UUID.randomUUID().toString();
    private final @Nullable ExchangeSpans spans;
    private final List<Runnable> waiting = new ArrayList<>();

    private List<Exchange> pending = new ArrayList<>();
    private long connections;
    private long drained;
    private long cut;
    private boolean changed;

    private long sequence;
    private long sentAtNanos = System.nanoTime() - INTERVAL.toNanos();
    private @Nullable ExchangeBatch inFlight;
    private boolean scheduled;
    private @Nullable Promise<Void> closing;

    public ExchangeReporter(Vertx vertx, Protocol protocol) {
        this.vertx = vertx;
        this.protocol = protocol;
        // Vert.x makes the span of a request over HTTP
        spans = protocol == Protocol.GREETING ? ExchangeSpans.of(vertx) : null;
    }

    /** Reports an exchange that ended. */
    public void report(Exchange exchange) {
        report(exchange, 1);
    }

    /** Reports this number of exchanges that ended together and differ in nothing. */
    public void report(Exchange exchange, int times) {
        for (int i = 0; i < times; i++) {
            pending.add(exchange);
            if (spans != null) {
                spans.add(exchange);
            }
        }
        change();
    }

    /** Reports the number of connections that are open now. */
    public void connections(long open) {
        connections = open;
        change();
    }

    /** Reports a session that the server ended by {@code Bye}. */
    public void drained() {
        drained++;
        change();
    }

    /** Reports a connection that was cut at the end of the grace period. */
    public void cut() {
        cut++;
        change();
    }

    /** Whether the server should stop reading until there is room. */
    public boolean isFull() {
        return pending.size() >= CAPACITY;
    }

    /** Runs the action once, when there is room again. Each call is for one paused connection, which bounds their number. */
    public void whenRoom(Runnable action) {
        waiting.add(action);
    }

    /**
     * Sends all that was reported. Nothing may be reported afterwards.
     *
     * @return completes when the ledger has it; fails after {@link #CLOSE_TIMEOUT} with the number of exchanges that the
     *     ledger did not acknowledge
     */
    public Future<Void> close() {
        Promise<Void> promise = Promise.promise();
        closing = promise;
        long timeout = vertx.setTimer(
                CLOSE_TIMEOUT.toMillis(),
                timer -> promise.tryFail(uncounted() + " exchanges were not counted: no ledger acknowledged them"));
        if (inFlight == null) {
            send();
        }
        return promise.future().onComplete(done -> vertx.cancelTimer(timeout));
    }

    private int uncounted() {
        return pending.size() + (inFlight == null ? 0 : inFlight.exchanges().size());
    }

    private void change() {
        changed = true;
        if (inFlight != null || scheduled) {
            return;
        }
        scheduled = true;
        long waitNanos = sentAtNanos + INTERVAL.toNanos() - System.nanoTime();
        if (waitNanos <= 0) {
            // exchanges that end in the same turn of the event loop go with it
            vertx.runOnContext(turn -> sendScheduled());
        } else {
            vertx.setTimer(Math.max(1, Duration.ofNanos(waitNanos).toMillis()), timer -> sendScheduled());
        }
    }

    private void sendScheduled() {
        scheduled = false;
        if (inFlight == null) {
            send();
        }
    }

    private void send() {
        if (!changed) {
            if (closing != null) {
                closing.tryComplete();
            }
            return;
        }
        changed = false;
        sequence++;
        inFlight = new ExchangeBatch(source, sequence, protocol, connections, drained, cut, pending);
        pending = new ArrayList<>();
        drained = 0;
        cut = 0;
        deliver(inFlight);
        makeRoom();
    }

    private void deliver(ExchangeBatch batch) {
        sentAtNanos = System.nanoTime();
        vertx.eventBus()
                .request(Addresses.EXCHANGES, batch, LOCAL)
                .onSuccess(acknowledged -> {
                    inFlight = null;
                    if (closing != null) {
                        send();
                    } else if (changed) {
                        change();
                    }
                })
                // there is no ledger at the moment, or its reply was lost: it counts a sequence once only
                .onFailure(unanswered -> vertx.setTimer(RETRY_AFTER.toMillis(), timer -> deliver(batch)));
    }

    private void makeRoom() {
        List<Runnable> released = List.copyOf(waiting);
        waiting.clear();
        released.forEach(Runnable::run);
    }
}
