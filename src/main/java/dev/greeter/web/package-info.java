/**
 * The HTTP servers: the application's verticle with its page and routes, and the management's. May import {@code bus},
 * {@code config}, {@code monitor} and {@code faults}, and no other package of Greeter.
 */
@NullMarked
package dev.greeter.web;

import org.jspecify.annotations.NullMarked;
