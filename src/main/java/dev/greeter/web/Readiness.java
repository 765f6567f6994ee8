package dev.greeter.web;

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

    /** All that serves is up; without effect once a drain began. */
    public synchronized void ready() {
        if (state == State.STARTING) {
            state = State.READY;
        }
    }

    /** The stop began; there is no way back. */
    public synchronized void drain() {
        state = State.DRAINING;
    }

    boolean isStarted() {
        return state != State.STARTING;
    }

    boolean isReady() {
        return state == State.READY;
    }

    boolean isDraining() {
        return state == State.DRAINING;
    }
}
