/**
 * The greeting protocol's server: the NetServer's verticle and one connection's life. May import {@code protocol},
 * {@code bus}, {@code config}, {@code faults} and {@code net}.
 */
@NullMarked
package dev.greeter.greeting;

import org.jspecify.annotations.NullMarked;
