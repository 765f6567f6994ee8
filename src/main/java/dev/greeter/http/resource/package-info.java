/**
 * The application: its verticle, the page with its faults and its counting, stats, newest exchanges, dashboard and API
 * description. May import {@code http}, {@code http.bridge}, {@code bus}, {@code json}, {@code monitor}, {@code faults} and
 * {@code net}, and no other package of Greeter.
 */
@NullMarked
package dev.greeter.http.resource;

import org.jspecify.annotations.NullMarked;
