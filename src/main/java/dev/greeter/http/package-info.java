/**
 * The HTTP servers: their connections, requests and drain, and the responses to requests that reach no resource. May import {@code
 * bus}, {@code config}, {@code monitor}, {@code faults} and {@code net}, and no other package of Greeter, not even those below
 * this one.
 */
@NullMarked
package dev.greeter.http;

import org.jspecify.annotations.NullMarked;
