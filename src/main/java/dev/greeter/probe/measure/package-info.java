/**
 * Counts exchanges: their latency, every loss by its class, outages, nodes. May import the JDK, HdrHistogram, and of Greeter
 * {@code bus}, {@code config} and {@code client}.
 */
@NullMarked
package dev.greeter.probe.measure;

import org.jspecify.annotations.NullMarked;
