package dev.greeter.probe.load;

import dev.greeter.probe.measure.Loss;
import org.jspecify.annotations.Nullable;

/** A connection that carries one exchange at a time. */
abstract class SequentialConnection extends ProbeConnection<SequentialDriver> {
    /** The exchange that it carries now. */
    @Nullable
    PendingExchange exchange;

    SequentialConnection(SequentialDriver driver) {
        super(driver);
    }

    /** Takes an exchange, while it has none. */
    void ask(PendingExchange next) {
        exchange = next;
    }

    @Override
    void sweep(long nowNanos) {
        if (exchange != null && driver.isLate(exchange, nowNanos)) {
            lose(late());
            leave();
        }
    }

    /** The exchange, if there is one, is lost. */
    final void lose(Loss loss) {
        PendingExchange asked = exchange;
        if (asked != null) {
            exchange = null;
            driver.lost(asked, loss);
        }
    }

    /** Closes it, and makes room for another one. */
    final void leave() {
        close();
        driver.gone(this);
    }
}
