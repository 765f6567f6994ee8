/**
 * Counts exchanges: their latency, every loss by its class, outages, nodes. May import the JDK, HdrHistogram, and of Greeter
 * {@code bus}, {@code config.value}, {@code client} and {@code client.connect}.
 */
@NullMarked
package dev.greeter.probe.measure;

import org.jspecify.annotations.NullMarked;
