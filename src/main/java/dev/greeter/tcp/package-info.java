/**
 * The greeting protocol's server: the NetServer's verticle and one connection's life. May import {@code protocol},
 * {@code bus} and {@code config}.
 */
@NullMarked
package dev.greeter.tcp;

import org.jspecify.annotations.NullMarked;
