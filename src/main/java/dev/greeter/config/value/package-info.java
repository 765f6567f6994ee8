/**
 * How values are written, in the configuration as on the command line: hosts with ports, address blocks, origins, durations,
 * paths. May import the JDK.
 */
@NullMarked
package dev.greeter.config.value;

import org.jspecify.annotations.NullMarked;
