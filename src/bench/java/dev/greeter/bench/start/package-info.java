/** Measures start, memory and CPU time of any server command. Uses the JDK only. */
@NullMarked
package dev.greeter.bench.start;

import org.jspecify.annotations.NullMarked;
