package dev.greeter.monitor;

import io.vertx.core.Future;
import io.vertx.ext.healthchecks.Status;
import java.util.function.Supplier;

/**
 * One thing that must be so for a node to be well.
 *
 * @param id its name in the health document
 * @param procedure tells how it is, and why; it runs on the management server's event loop, and a failure, or no answer
 *     in time, counts as down
 */
public record HealthCheck(String id, Supplier<Future<Status>> procedure) {}
