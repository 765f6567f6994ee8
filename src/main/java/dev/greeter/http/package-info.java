/**
 * The HTTP servers: their connections, requests and drain, and the responses to requests that no resource answers. May import
 * {@code bus}, {@code config}, {@code monitor}, {@code faults} and {@code net}, and no other package of Greeter; the
 * application's verticle alone imports the packages below this one, which do not import each other.
 */
@NullMarked
package dev.greeter.http;

import org.jspecify.annotations.NullMarked;
