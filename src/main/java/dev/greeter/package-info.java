/**
 * The composition root: from the configuration to a running service and back to nothing. May import every other package.
 */
@NullMarked
package dev.greeter;

import org.jspecify.annotations.NullMarked;
