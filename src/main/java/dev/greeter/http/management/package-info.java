/**
 * The management server: its verticle, health, metrics, and faults on demand. May import {@code http}, {@code json}, {@code bus},
 * {@code config}, {@code config.value}, {@code faults}, {@code monitor}, {@code net} and {@code net.tls}, and no other package of
 * Greeter.
 */
@NullMarked
package dev.greeter.http.management;

import org.jspecify.annotations.NullMarked;
