package dev.greeter.monitor;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.Status;
import java.util.Locale;
import java.util.function.Predicate;

/** How far the service is in its life, told once to all its parts. Only ever moves on. Safe for use by any thread. */
public final class Readiness {
    public enum State {
        STARTING,
        READY,
        /** On its way out: still answering, and asking clients to go elsewhere. */
        DRAINING
    }

    private volatile State state = State.STARTING;

    public State state() {
        return state;
    }

    /**
     * All that serves is up; without effect once a drain began.
     *
     * @return whether it is ready
     */
    public synchronized boolean ready() {
        if (state == State.STARTING) {
            state = State.READY;
        }
        return state == State.READY;
    }

    /** The stop began; there is no way back. */
    public synchronized void drain() {
        state = State.DRAINING;
    }

    /** Up once all that serves has been, also while it drains. */
    public HealthCheck startedCheck() {
        return check("started", state -> state != State.STARTING);
    }

    /** Up from then until the drain begins. */
    public HealthCheck readyCheck() {
        return check("ready", state -> state == State.READY);
    }

    private HealthCheck check(String id, Predicate<State> isUp) {
        return new HealthCheck(id, () -> {
            State now = state;
            return Future.succeededFuture(
                    isUp.test(now)
                            ? Status.OK()
                            : Status.KO(new JsonObject().put("state", now.name().toLowerCase(Locale.ROOT))));
        });
    }

    public boolean isDraining() {
        return state == State.DRAINING;
    }
}
