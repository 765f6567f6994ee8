/**
 * The state of a running node for its operators: readiness, health checks, metrics, and the delays of its event loops.
 * May import {@code bus}, and no other package of Greeter.
 */
@NullMarked
package dev.greeter.monitor;

import org.jspecify.annotations.NullMarked;
