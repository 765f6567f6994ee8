package dev.greeter.client;

import dev.greeter.config.value.Durations;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call to one server on its own connection: it ends with the answer, with the first failure, or with its timeout. Runs on
 * one context, and hangs up when it is over.
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

    /** @param limit of the network, longer than our own because our error says more */
    abstract void connect(Duration limit);

    /** How far it came since it was connected: the error's text continues with it. */
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

    /** A fault of this program: without this, the call would never end. */
    private void failUnexpectedly(Throwable cause) {
        fail(Unexpected.says(cause));
    }

    /** It is over, with or without an answer. */
    void end() {
        vertx.cancelTimer(timer);
        if (hangUp != null) {
            hangUp.run();
        }
    }
}
