package dev.greeter.probe.load;

import dev.greeter.config.value.HostPort;
import dev.greeter.probe.measure.Mode;
import dev.greeter.probe.measure.Scenario;
import dev.greeter.probe.measure.Target;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;

/** Answers each exchange at once, up to its fault. */
public class FailingDriver extends Driver {
    /** How many it answers before. */
    public static final int RIGHT = 50;

    public enum Place {
        BEGIN,
        FLUSH,
        SWEEP,
        TIMER,
        CLOSE
    }

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Place place;
    private final Throwable fault;
    private int begun;

    public FailingDriver(ContextInternal context, Place place, Throwable fault) {
        super(
                new Scenario(Mode.ONESHOT, Target.greeting(new HostPort("127.0.0.1", 1))),
                context,
                new Connector(context.owner(), TIMEOUT, null),
                TIMEOUT);
        this.place = place;
        this.fault = fault;
    }

    @Override
    boolean begin(PendingExchange exchange) {
        if (place == Place.TIMER && begun == RIGHT) {
            after(Duration.ofMillis(1), this::fail);
        }
        failAt(Place.BEGIN);
        begun++;
        answered(exchange, null);
        return true;
    }

    @Override
    void flush() {
        failAt(Place.FLUSH);
    }

    @Override
    void sweep(long nowNanos) {
        failAt(Place.SWEEP);
    }

    @Override
    void closeConnections() {
        failAt(Place.CLOSE);
    }

    private void failAt(Place here) {
        if (here == place && begun >= RIGHT) {
            fail();
        }
    }

    protected void fail() {
        FailingDriver.<RuntimeException>raise(fault);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable any) throws T {
        throw (T) any;
    }
}
