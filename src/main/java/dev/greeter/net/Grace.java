package dev.greeter.net;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** How long the drains of all servers may take before they cut connections, unless it is ended before. Thread-safe. */
public final class Grace {
    private final Duration duration;
    private final Promise<Void> ended = Promise.promise();

    public Grace(Duration duration) {
        this.duration = duration;
    }

    public Duration duration() {
        return duration;
    }

    /**
     * Ends it for the drains that have begun, and for all that begin later.
     *
     * @return false if it was ended before
     */
    public boolean end() {
        return ended.tryComplete();
    }

    /** Completes when it is {@linkplain #end ended}, on the thread that ends it. */
    public Future<Void> ended() {
        return ended.future();
    }

    /**
     * Begins it for one drain.
     *
     * @param cut runs on the calling context, once, when the time is over
     * @return has to run when the drain is done, and keeps the cut from running after that
     */
    public Runnable begin(Vertx vertx, Runnable cut) {
        Context context = vertx.getOrCreateContext();
        AtomicBoolean over = new AtomicBoolean();
        Runnable cutOnce = () -> {
            if (over.compareAndSet(false, true)) {
                cut.run();
            }
        };
        long timer = vertx.setTimer(Math.max(1, duration.toMillis()), elapsed -> cutOnce.run());
        ended.future().onSuccess(end -> context.runOnContext(turn -> cutOnce.run()));
        return () -> {
            over.set(true);
            vertx.cancelTimer(timer);
        };
    }
}
