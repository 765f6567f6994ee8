package dev.greeter.http.management;

import dev.greeter.bus.PerProtocol;
import dev.greeter.config.Config;
import dev.greeter.faults.Faults;
import dev.greeter.http.Resource;
import java.util.Optional;

/**
 * Who may add faults, and to which servers.
 *
 * @param faults of each server
 */
public record FaultsAccess(Config.Faults config, PerProtocol<Faults> faults) {
    /** Nothing where they are not enabled. */
    Optional<Resource> resource() {
        return config.isEnabled()
                ? Optional.of(new BearerResource(config.token(), new FaultsResource(faults, config.maxDuration())))
                : Optional.empty();
    }
}
