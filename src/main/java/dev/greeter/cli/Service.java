package dev.greeter.cli;

import dev.greeter.config.Config;
import dev.greeter.config.ConfigSources;

/** What {@code greeter serve} runs. The composition root gives it, as this package knows nothing of servers. */
@FunctionalInterface
public interface Service {
    /**
     * Serves until it is told to stop.
     *
     * @param sources what gave the configuration, and may give another while it serves
     * @return the exit code
     */
    int serve(Config config, ConfigSources sources) throws InterruptedException;
}
