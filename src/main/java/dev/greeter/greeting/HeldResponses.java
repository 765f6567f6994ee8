package dev.greeter.greeting;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Responses that faults hold back, and those behind them, in their order. Used by its connection only. */
final class HeldResponses {
    private final Consumer<ResponseBatch> write;
    private final Queue<Held> held = new ArrayDeque<>();
    private Supplier<Future<Void>> untilOfNext = Future::succeededFuture;
    private boolean waiting;

    private record Held(ResponseBatch responses, Supplier<Future<Void>> until) {}

    /** @param write takes each when its turn has come */
    HeldResponses(Consumer<ResponseBatch> write) {
        this.write = write;
    }

    /** Holds back the responses that are added next; the future is asked for when all before them are written. */
    void until(Supplier<Future<Void>> released) {
        untilOfNext = released;
    }

    void add(ResponseBatch responses) {
        held.add(new Held(responses, untilOfNext));
        untilOfNext = Future::succeededFuture;
        writeOn();
    }

    /** A loop, because a read may bring some thousand, all of which are free when a fault is over. */
    private void writeOn() {
        while (!waiting && !held.isEmpty()) {
            Future<Void> released = held.element().until().get();
            if (released.isComplete()) {
                write.accept(held.remove().responses());
            } else {
                waiting = true;
                released.onComplete(now -> {
                    waiting = false;
                    if (!held.isEmpty()) {
                        write.accept(held.remove().responses());
                        writeOn();
                    }
                });
            }
        }
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Gives all of them up. */
    void close(Consumer<ResponseBatch> discard) {
        held.forEach(held -> discard.accept(held.responses()));
        held.clear();
    }
}
