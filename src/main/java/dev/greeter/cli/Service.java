package dev.greeter.cli;

import dev.greeter.config.Config;

/** What {@code greeter serve} runs. The composition root gives it, as this package knows nothing of servers. */
@FunctionalInterface
public interface Service {
    /**
     * Serves until it is told to stop.
     *
     * @return the exit code
     */
    int serve(Config config) throws InterruptedException;
}
