/** Measures the cost of an exchange. Uses the packaged jar as a process, and Netty and Vert.x's JSON from its class path. */
@NullMarked
package dev.greeter.bench.exchange;

import org.jspecify.annotations.NullMarked;
