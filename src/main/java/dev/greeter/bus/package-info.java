/**
 * All that crosses the event bus: addresses, exchanges in batches, stats, queries. May import the JDK, Vert.x,
 * HdrHistogram, {@code json} and {@code text}.
 */
@NullMarked
package dev.greeter.bus;

import org.jspecify.annotations.NullMarked;
