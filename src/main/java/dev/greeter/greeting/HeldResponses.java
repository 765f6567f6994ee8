package dev.greeter.greeting;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Responses that faults hold back, and those behind them, in their order. Used by its connection only. */
final class HeldResponses {
    private final Consumer<ResponseBatch> write;
    private final Queue<ResponseBatch> held = new ArrayDeque<>();
    private Future<Void> turn = Future.succeededFuture();
    private boolean closed;

    /** @param write takes each when its turn has come */
    HeldResponses(Consumer<ResponseBatch> write) {
        this.write = write;
    }

    /** Holds back what is added from now on; the future is asked for when all before it is written. */
    void until(Supplier<Future<Void>> released) {
        turn = turn.compose(before -> closed ? Future.succeededFuture() : released.get());
    }

    void add(ResponseBatch responses) {
        held.add(responses);
        turn.onComplete(now -> {
            if (!closed) {
                held.remove();
                write.accept(responses);
            }
        });
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Gives all of them up. */
    void close(Consumer<ResponseBatch> discard) {
        closed = true;
        held.forEach(discard);
        held.clear();
    }
}
