/**
 * The HTTP servers: the application's verticle with its page and routes, and the management's. May import {@code bus},
 * {@code config}, {@code monitor}, {@code faults} and {@code net}, and no other package of Greeter.
 */
@NullMarked
package dev.greeter.http;

import org.jspecify.annotations.NullMarked;
