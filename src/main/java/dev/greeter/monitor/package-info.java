/**
 * The state of a running node for its operators: readiness, health checks, metrics, and the delays of its event loops.
 * May import {@code bus}, {@code net.tls}.
 */
@NullMarked
package dev.greeter.monitor;

import org.jspecify.annotations.NullMarked;
