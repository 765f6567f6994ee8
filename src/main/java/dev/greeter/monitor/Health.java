package dev.greeter.monitor;

import java.util.List;

/**
 * What each of the three probes asks for; a probe is up while all of its checks are.
 *
 * @param live no restart is needed
 * @param ready requests may be sent here
 * @param started the start is over
 */
public record Health(List<HealthCheck> live, List<HealthCheck> ready, List<HealthCheck> started) {
    public Health {
        live = List.copyOf(live);
        ready = List.copyOf(ready);
        started = List.copyOf(started);
    }
}
