package dev.greeter.greeting;

import dev.greeter.faults.ActiveFault;
import dev.greeter.faults.FaultKind;
import dev.greeter.faults.Faults;
import dev.greeter.greeting.GreetingHandler.Next;
import dev.greeter.protocol.Reply;
import dev.greeter.protocol.Request;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Injects the active faults into greetings ({@code src/docs/faults.md}); all others are another greeter's. Used by its
 * verticle's event loop only.
 */
final class FaultyGreeter implements Greeter {
    private final Vertx vertx;
    private final Faults faults;
    private final Greeter greeter;
    private final List<Stall> stalls = new ArrayList<>();

    private record Stall(ActiveFault fault, ResponseWriter responses, Promise<Void> end) {
        private boolean isOver() {
            return fault.isOver() || responses.isClosed();
        }
    }

    FaultyGreeter(Vertx vertx, Faults faults, Greeter greeter) {
        this.vertx = vertx;
        this.faults = faults;
        this.greeter = greeter;
    }

    @Override
    public Next greet(Request.Greeting greeting, ResponseWriter responses) {
        ActiveFault fault = faults.next();
        return fault == null ? greeter.greet(greeting, responses) : inject(fault, greeting, responses);
    }

    private Next inject(ActiveFault fault, Request.Greeting greeting, ResponseWriter responses) {
        return switch (fault.kind()) {
            case DELAY -> {
                responses.holdBack(() -> delay(fault));
                yield greeter.greet(greeting, responses);
            }
            case WRONG -> {
                Reply.wrong(responses.batch().octets(), greeting);
                responses.batch().add(greeting);
                yield Next.READ_ON;
            }
            case REFUSE -> {
                responses.batch().refuse(new Request.Malformed(Reply.Refused.BUSY, greeting.octets()));
                yield Next.FINISH;
            }
            case TRUNCATE -> {
                truncate(greeting, responses.batch().octets());
                yield fail(fault.kind(), greeting, responses);
            }
            case STALL -> {
                responses.holdBack(() -> stall(fault, responses));
                yield fail(fault.kind(), greeting, responses);
            }
            case CLOSE, RESET -> fail(fault.kind(), greeting, responses);
        };
    }

    private static Next fail(FaultKind kind, Request.Greeting greeting, ResponseWriter responses) {
        responses.batch().fail(greeting, kind.reason());
        return kind == FaultKind.RESET ? Next.RESET : Next.FINISH;
    }

    /** Half of the answer. */
    private static void truncate(Request.Greeting greeting, ByteBuf octets) {
        int start = octets.writerIndex();
        Reply.world(octets, greeting);
        octets.writerIndex((start + octets.writerIndex()) / 2);
    }

    /** Greetings that were read behind a delayed one, and are to be delayed too, are so only while the fault lasts. */
    private Future<Void> delay(ActiveFault fault) {
        return fault.isOver()
                ? Future.succeededFuture()
                : vertx.timer(fault.fault().delay().toMillis(), TimeUnit.MILLISECONDS);
    }

    private Future<Void> stall(ActiveFault fault, ResponseWriter responses) {
        Promise<Void> end = Promise.promise();
        stalls.add(new Stall(fault, responses, end));
        return end.future();
    }

    /**
     * Ends the stalls whose fault is over or whose client has gone. Called at each tick of the clock.
     *
     * @param draining ends all of them, because a stall is to hold up no drain
     */
    void check(boolean draining) {
        if (stalls.isEmpty()) {
            return;
        }
        List<Stall> checked = List.copyOf(stalls);
        stalls.clear();
        for (Stall stall : checked) {
            if (draining || stall.isOver()) {
                stall.end().complete();
            } else {
                stalls.add(stall);
            }
        }
    }
}
