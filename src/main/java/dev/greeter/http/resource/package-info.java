/**
 * The application's resources: the page with its faults and its counting, stats, the newest exchanges, the dashboard and the API description. May import {@code http}, {@code bus}, {@code config}, {@code faults} and {@code net}, and no other package of Greeter.
 */
@NullMarked
package dev.greeter.http.resource;

import org.jspecify.annotations.NullMarked;
