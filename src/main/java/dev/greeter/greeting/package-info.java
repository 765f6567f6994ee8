/**
 * The greeting protocol's server: the NetServer's verticle and one connection's life. May import {@code protocol},
 * {@code bus}, {@code config}, {@code faults}, {@code net} and {@code net.tls}.
 */
@NullMarked
package dev.greeter.greeting;

import org.jspecify.annotations.NullMarked;
