package dev.greeter;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the signals that stop this process: the first begins the stop, the second ends its delay, the third its grace
 * period. All signals that stop a JVM count alike. A signal that the process was started to ignore, such as SIGHUP under
 * {@code nohup}, stays ignored. Thread-safe, because each signal comes on its own thread.
 */
final class StopSignals {
    /** A terminal that closes sends SIGHUP. */
    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    private final Greeter greeter;
    private final Runnable stop;
    private final AtomicInteger received = new AtomicInteger();

    /** @param stop begins the stop; it need not return */
    StopSignals(Greeter greeter, Runnable stop) {
        this.greeter = greeter;
        this.stop = stop;
    }

    /** Begins to handle them. */
    void handle() {
        for (String name : NAMES) {
            if (Signals.register(name, () -> received("SIG" + name)) == null) {
                LOG.warn(
                        "SIG{} would end this process at once, without a drain: the JVM does not handle it (-Xrs)",
                        name);
            }
        }
    }

    private void received(String name) {
        switch (received.incrementAndGet()) {
            case 1 -> {
                LOG.info("{} begins the stop", name);
                stop.run();
            }
            case 2 -> {
                if (greeter.endDelay()) {
                    LOG.info("{} ends the delay", name);
                } else {
                    LOG.info("{} has no delay to end; one more ends the grace period", name);
                }
            }
            case 3 -> {
                LOG.info("{} ends the grace period", name);
                greeter.endGrace();
            }
            default -> LOG.info("{} has nothing more to end", name);
        }
    }
}
