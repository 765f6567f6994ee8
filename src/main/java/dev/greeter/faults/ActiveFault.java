package dev.greeter.faults;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A fault from its request to its end. Thread-safe. */
public final class ActiveFault {
    private final Fault fault;
    private final Instant endsAt;
    private final long endNanos;
    private int owedSteps;
    private final AtomicLong injected = new AtomicLong();
    private volatile boolean ended;

    ActiveFault(Fault fault) {
        this.fault = fault;
        endsAt = Instant.now().plus(fault.lasts());
        endNanos = System.nanoTime() + fault.lasts().toNanos();
    }

    public Fault fault() {
        return fault;
    }

    public FaultKind kind() {
        return fault.kind();
    }

    /** When it ends by itself, or would have. */
    public Instant endsAt() {
        return endsAt;
    }

    /** The number of exchanges that it hit. */
    public long injected() {
        return injected.get();
    }

    /** Whether its time is up, or it was ended before. */
    public boolean isOver() {
        return ended || System.nanoTime() - endNanos >= 0;
    }

    void end() {
        ended = true;
    }

    /** Its share begins anew. Called under the lock of its {@link Faults}, like the two below. */
    void forget() {
        owedSteps = 0;
    }

    /** One more exchange is shared out. Returns how many steps it is owed now. */
    int owe() {
        owedSteps += fault.steps();
        return owedSteps;
    }

    /** It hits this exchange. */
    void take() {
        owedSteps -= Fault.ALL_STEPS;
        injected.incrementAndGet();
    }
}
