package dev.greeter.client;

import dev.greeter.config.Durations;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one server: from the connect to an answer, to the first thing wrong, or to the end of its time. Runs
 * on one context, and hangs up when it is over.
 */
abstract class ClientCall<T> {
    private static final Duration NETWORK_MARGIN = Duration.ofSeconds(1);

    final Vertx vertx;

    private final String where;
    private final Duration timeout;
    private final Promise<T> promise = Promise.promise();
    /** Timers have numbers from 0 on. */
    private long timer = -1;

    private @Nullable Runnable hangUp;

    /** @param where the server, as the user named it */
    ClientCall(Vertx vertx, String where, Duration timeout) {
        this.vertx = vertx;
        this.where = where;
        this.timeout = timeout;
    }

    /** The future fails with a {@link ClientException} only. */
    final Future<T> start() {
        Context context = vertx.getOrCreateContext();
        context.exceptionHandler(this::failUnexpectedly);
        context.runOnContext(go -> {
            restartTimer();
            connect(timeout.plus(NETWORK_MARGIN));
        });
        return promise.future();
    }

    /** @param limit the network's own, which is past ours because our report says more */
    abstract void connect(Duration limit);

    /** How far it came since it was connected, to follow what stopped it. */
    abstract String progress();

    /**
     * It is connected.
     *
     * @return whether this comes in time
     */
    final boolean opened(Runnable hangingUp) {
        if (isOver()) {
            hangingUp.run();
            return false;
        }
        hangUp = hangingUp;
        return true;
    }

    final void restartTimer() {
        vertx.cancelTimer(timer);
        timer = vertx.setTimer(timeout.toMillis(), late -> stop("timeout of " + Durations.text(timeout)));
    }

    final boolean isOver() {
        return promise.future().isComplete();
    }

    final void succeed(@Nullable T result) {
        if (promise.tryComplete(result)) {
            end();
        }
    }

    final void fail(String why) {
        if (promise.tryFail(new ClientException(where, why))) {
            end();
        }
    }

    /** It was stopped from outside. */
    void stop(String event) {
        fail(hangUp == null ? event : event + " " + progress());
    }

    /** A fault of this program's: without this, nothing would come of the attempt. */
    private void failUnexpectedly(Throwable cause) {
        fail(Unexpected.says(cause));
    }

    /** It is over, however it went. */
    void end() {
        vertx.cancelTimer(timer);
        if (hangUp != null) {
            hangUp.run();
        }
    }
}
