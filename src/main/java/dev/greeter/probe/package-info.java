/**
 * One run of the probe: its plan, its report, its metrics, and the comparison with what the service counted. May import the
 * JDK, Vert.x, Prometheus's formats, and of Greeter {@code bus}, {@code client}, {@code
 * client.connect}, {@code probe.load} and {@code probe.measure}.
 */
@NullMarked
package dev.greeter.probe;

import org.jspecify.annotations.NullMarked;
