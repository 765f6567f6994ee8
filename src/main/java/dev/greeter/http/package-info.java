/**
 * The HTTP servers: their connections, requests and drain, and the responses to requests that reach no resource. May import {@code
 * config}, {@code monitor}, {@code net} and {@code net.tls}, and no other package of Greeter.
 */
@NullMarked
package dev.greeter.http;

import org.jspecify.annotations.NullMarked;
