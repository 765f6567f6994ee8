/**
 * The event bus for browsers and other WebSocket clients. May import {@code http}, {@code json}, {@code bus}, {@code config}, {@code config.value} and {@code net},
 * and no other package of Greeter.
 */
@NullMarked
package dev.greeter.http.bridge;

import org.jspecify.annotations.NullMarked;
