/**
 * What a running node knows of itself for those who operate it: health checks, metrics, and whether its event loops
 * answer. May import {@code bus}, and no other package of Greeter.
 */
@NullMarked
package dev.greeter.monitor;

import org.jspecify.annotations.NullMarked;
