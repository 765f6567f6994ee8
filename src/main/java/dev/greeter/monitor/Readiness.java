package dev.greeter.monitor;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** How far the service is in its life; it only ever moves on. Thread-safe. */
public final class Readiness {
    public enum State {
        STARTING,
        READY,
        /** Still answering, and asking clients to go elsewhere. */
        DRAINING
    }

    private volatile State state = State.STARTING;

    public State state() {
        return state;
    }

    /**
     * Records that all servers are up; without effect once a drain began.
     *
     * @return whether the service is ready
     */
    public synchronized boolean ready() {
        if (state == State.STARTING) {
            state = State.READY;
        }
        return state == State.READY;
    }

    /** Records that the stop began; there is no way back. */
    public synchronized void drain() {
        state = State.DRAINING;
    }

    /** Up once all that serves is, and from then on. */
    public Health.Check startedCheck() {
        return check("started", now -> now != State.STARTING);
    }

    /** Up from then until the drain begins. */
    public Health.Check readyCheck() {
        return check("ready", now -> now == State.READY);
    }

    private Health.Check check(String id, Predicate<State> isUp) {
        return Health.Check.of(
                id,
                () -> Optional.of(state)
                        .filter(isUp.negate())
                        .map(now -> new JsonObject().put("state", now.name().toLowerCase(Locale.ROOT))));
    }

    public boolean isDraining() {
        return state == State.DRAINING;
    }
}
